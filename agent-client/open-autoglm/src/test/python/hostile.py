"""Objects of an agent that raise when they are read."""

from phone_agent import device_factory


class Unprintable:
    def __repr__(self):
        raise RuntimeError("a secret")


class Undecided:
    def __bool__(self):
        raise RuntimeError("a secret")


class SilentError(RuntimeError):
    """An exception whose conversion to text raises an exception of the same kind."""

    def __str__(self):
        raise SilentError


class Undeterminable:
    """A screenshot of which only the size can be read."""

    width, height = 54, 120

    @property
    def base64_data(self):
        raise RuntimeError("a secret")

    @property
    def is_sensitive(self):
        raise RuntimeError("a secret")


class OfUnknownSensitivity(device_factory.Screenshot):
    @property
    def is_sensitive(self):
        raise RuntimeError("a secret")

    @is_sensitive.setter
    def is_sensitive(self, _):
        pass


class Stopping(Undeterminable):
    """Raises KeyboardInterrupt while the recording reads the screenshot."""

    @property
    def base64_data(self):
        raise KeyboardInterrupt


def doubled():
    value = [1]
    for _ in range(99):
        value = [value, value]
    return value


METADATA = {"good": 1, "bad": Unprintable(), "deep": [Unprintable(), {"good": "too", Unprintable(): 2}]}
SECRET_ADDRESS = "https://bob:sk-SECRET@Proxy.lab:8443/v1;sk-SECRET?api_key=sk-SECRET#sk-SECRET"
