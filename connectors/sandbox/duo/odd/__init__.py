"""What nobody would expect of the Admin API, one behaviour a file. Each names its section of the Admin API facts."""
