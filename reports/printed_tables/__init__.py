"""What a printed table of accuracies can and cannot say."""
