"""What does a chat ask for? The words of a subscription as a filter, and a chat's subscriptions."""
