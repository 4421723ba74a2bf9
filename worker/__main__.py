"""`python -m worker` is `duo-worker`."""

from worker.cli.main import run

if __name__ == "__main__":
    run()
