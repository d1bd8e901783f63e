"""How people are brought together: consultations, their organisers, the invitations and the answers."""
