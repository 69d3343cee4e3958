# Each target is one script; `make demo` and `make test` do all set-up themselves.
.PHONY: help demo test trials check bench clean

help:
	@echo "make demo    set up, bill a month for two demonstration utilities, serve them (SERVE=0: do not serve)"
	@echo "make test    set up and run all tests"
	@echo "make trials  the long trials: many kills, random moments"
	@echo "make check   style, types, import directions, templates, architecture tests"
	@echo "make bench   measure and print 'bench …' lines"
	@echo "make clean   remove what set-up and tests made; the site's data stays"

demo:
	@SERVE=$(SERVE) scripts/demo

test:
	@scripts/test

trials:
	@scripts/trials

check:
	@scripts/check

bench:
	@scripts/bench

clean:
	@scripts/clean
