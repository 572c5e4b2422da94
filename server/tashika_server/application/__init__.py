"""Use cases: authorise, load, decide by the domain's rules, save. ``ports`` names what they need from outside."""
