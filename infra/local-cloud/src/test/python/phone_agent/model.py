from phone_agent.agent import ModelConfig
