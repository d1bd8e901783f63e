"""From many voices to one text and its fate: submissions, recommendations, statements, editions, the trail."""
