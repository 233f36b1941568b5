"""`python -m terrace` is the command line."""

from terrace.cli.main import main

if __name__ == "__main__":
    main(prog_name="terrace")
