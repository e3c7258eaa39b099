"""How programs of one computer talk to the agent: JSON messages over a named pipe (Windows) or a Unix socket."""
