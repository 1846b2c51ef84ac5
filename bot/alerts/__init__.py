"""Which alerts are sent, to whom, when and how? From the gate over the fan-out to the delivery."""
