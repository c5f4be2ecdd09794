"""The set-up of a site: installed, checked, filled and imported over a real socket."""
