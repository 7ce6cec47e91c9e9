"""A stand-in for Open-AutoGLM's package of this name: its PhoneAgent's loop without a phone and without a model.

It reproduces the parts that the recording depends on (see steptrail_open_autoglm.py): names, calls, and which exceptions are
caught and raised. Phone and model are scripted.
"""
