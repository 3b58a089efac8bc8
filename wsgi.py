"""Where gunicorn and flask find the desk by name: ``gunicorn wsgi:app``. Holds nothing else."""

from crisis.desk import create_app

app = create_app()
