"""One function per use case: takes a case or visit, writes its event; its caller commits once."""
