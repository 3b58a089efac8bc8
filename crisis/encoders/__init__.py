"""SENTENCE ENCODERS: texts in, vectors out, so that matching sees meaning and not words alone.

An edge: reads model files and runs ONNX Runtime. ``matching`` knows only the seam ``matching.Encoder``.
``packaged`` is the one that set-up installs, ``folder`` any BERT or ONNX model on disk, ``remembered``
keeps the catalogue's vectors. Nothing is ever fetched. Does not judge likeness: see ``matching.meaning``.
"""
