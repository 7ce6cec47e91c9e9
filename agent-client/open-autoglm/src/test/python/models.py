"""Model clients and an agent like those of Open-AutoGLM, with a test double of the OpenAI client."""

import dataclasses
import types

from phone_agent.agent import ModelClient, PhoneAgent


class SendsImages(PhoneAgent):
    """Sends the screen and another picture to the model, and removes them from its context afterwards."""

    def user_message(self, text, screenshot):
        images = [screenshot.base64_data, "A" * 400]
        urls = [{"type": "image_url", "image_url": {"url": "data:image/png;base64," + image}} for image in images]
        return {"role": "user", "content": [*urls, {"type": "text", "text": text}]}

    def _execute_step(self, *args, **kwargs):
        result = super()._execute_step(*args, **kwargs)
        del self._context[-1]["content"][:2]
        return result


class StreamingClient(ModelClient):
    """Streams the reply. The server reports tokens if it is asked to, and in the second request in any case."""

    def __init__(self, replies):
        super().__init__(replies)
        self.requests = []
        self.client = types.SimpleNamespace(chat=types.SimpleNamespace(completions=types.SimpleNamespace(create=self._create)))

    def request(self, messages):
        stream = self.client.chat.completions.create(messages=messages, stream=True)
        text = "".join(chunk.choices[0] for chunk in stream if chunk.choices)
        return dataclasses.replace(super().request(messages), raw_content=text)

    def _create(self, messages, stream, stream_options=None):
        self.requests.append(stream_options)
        yield chunk(["<think>"], None)
        yield chunk(["天气"], usage(1, 0, 1))
        if stream_options == {"include_usage": True} or len(self.requests) == 2:
            yield chunk([], usage(1200, 1000, 34))


class HostileClient(StreamingClient):
    """The server reports nonsense."""

    def _create(self, messages, stream, stream_options=None):
        self.requests.append(stream_options)
        yield chunk(["a"], {"prompt_tokens": -1, "completion_tokens": True, "prompt_tokens_details": {"cached_tokens": 2**40}})
        yield types.SimpleNamespace(choices=["b"])


class ReportingClient(ModelClient):
    """Has no OpenAI client, and returns the tokens with the reply."""

    def request(self, messages):
        reply = dataclasses.replace(super().request(messages))
        reply.usage = {"input_tokens": 5, "output_tokens": 6}
        return reply


def chunk(choices, usage):
    return types.SimpleNamespace(choices=choices, usage=usage)


def usage(prompt, cached, completion):
    details = types.SimpleNamespace(cached_tokens=cached)
    return types.SimpleNamespace(prompt_tokens=prompt, completion_tokens=completion, prompt_tokens_details=details)
