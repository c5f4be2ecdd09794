"""`python -m field_app.cli`: the same as `field-app`."""

import sys

from field_app.cli.main import main

sys.exit(main())
