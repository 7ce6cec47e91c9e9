"""A stand-in for Open-AutoGLM's package of this name: its PhoneAgent's loop without a phone and without a model.

It keeps to what the tracking leans on (see steptrail_open_autoglm.py): the names, who calls whom, what is caught and what is
raised. Phone and model follow a script.
"""
