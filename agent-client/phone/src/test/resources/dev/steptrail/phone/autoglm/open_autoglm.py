"""Runs parts of the real Open-AutoGLM for OpenAutoGlmIT.

    python open_autoglm.py run URL SERIAL INSTRUCTION MAX_STEPS
    python open_autoglm.py parse REPLIES RESULTS

`run` executes an instruction; each question is answered with yes. `parse` reads a JSON list of replies, and writes the
thinking, the action text and the parsed action of each; null if the action cannot be parsed.
"""

import json
import sys

from phone_agent import PhoneAgent
from phone_agent.actions.handler import parse_action
from phone_agent.agent import AgentConfig
from phone_agent.config.apps import APP_PACKAGES
from phone_agent.model import ModelConfig
from phone_agent.model.client import ModelClient


def run(url, serial, instruction, max_steps):
    agent = PhoneAgent(
        ModelConfig(base_url=url),
        AgentConfig(device_id=serial, max_steps=int(max_steps)),
        confirmation_callback=lambda message: True,
        takeover_callback=lambda message: None,
    )
    agent.run(instruction)


def parse(replies, results):
    client = ModelClient(ModelConfig())
    parsed = []
    with open(replies, encoding="utf-8") as file:
        for reply in json.load(file):
            thinking, action = client._parse_response(reply)
            try:
                value = parse_action(action)
            except ValueError:
                value = None
            parsed.append({"thinking": thinking, "action": action, "value": value})
    with open(results, "w", encoding="utf-8") as file:
        json.dump({"parsed": parsed, "apps": APP_PACKAGES}, file, allow_nan=False)


{"run": run, "parse": parse}[sys.argv[1]](*sys.argv[2:])
