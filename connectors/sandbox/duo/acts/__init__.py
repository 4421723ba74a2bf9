"""What happens beside the API: people at the Duo prompt, agents at the panel, and who is there to begin with."""
