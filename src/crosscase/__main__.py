"""Start the command line: `python -m crosscase`."""

from crosscase.cli import main

if __name__ == "__main__":
    main()
