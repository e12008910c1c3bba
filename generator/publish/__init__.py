"""Publish: pages become a site, verified as a whole and put in place whole. The only stage that writes."""
