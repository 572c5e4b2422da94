"""The main job as a script. A client like any other: generated stubs, the public formats, nothing of the server's."""
