"""A stand-in for Open-AutoGLM's package of this name, for the examples in the documentation.

Extends the one in the tests of agent-client/open-autoglm, which must also be on the path.
"""
import pkgutil

__path__ = pkgutil.extend_path(__path__, __name__)

from phone_agent import agent


class PhoneAgent(agent.PhoneAgent):
    """Takes one screenshot and finishes."""

    def __init__(self, model_config, agent_config=None):
        reply = agent.ModelResponse("The weather is on the screen.", 'finish(message="21 °C")')
        super().__init__(agent.ModelClient([reply]), agent_config)
        self.model_config = model_config
