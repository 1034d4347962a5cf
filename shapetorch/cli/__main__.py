"""``python -m shapetorch.cli`` is the command ``shapetorch``."""

from shapetorch.cli.main import main

raise SystemExit(main())
