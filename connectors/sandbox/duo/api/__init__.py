"""What the Admin API answers, one file for each kind of object. A function takes the account and the call."""
