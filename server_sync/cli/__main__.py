"""`python -m server_sync.cli`: the same as `server-sync`."""

import sys

from server_sync.cli.main import main

sys.exit(main())
