"""The client over SSH: a host that lets people in, and gives each of them a process of their own.

Three kinds of processes, and what each of them may know:

- the host (`host.py`): asyncssh, the host key, who may come in. It asks the register about keys and passwords, holds
  people's tokens, and carries bytes between the connection and the session.
- the fork server (`fork_server.py`): has loaded the client and nothing else, and forks a session in some milliseconds.
  It knows no key, no token and no person.
- a session (`session_process.py`): one person's client on a terminal of its own, or one plain command on pipes. What
  it must know comes by its *leash*, a socket to the host (`leash.py`), and never by its arguments or environment.

With OpenSSH instead of the host, `one_session.py` is what its `ForceCommand` runs.
"""
