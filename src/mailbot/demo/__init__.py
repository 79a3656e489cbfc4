"""One reporting month played on loopback servers, and the sample mails it is made of."""
