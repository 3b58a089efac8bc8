"""What people call each setting. What it is for is said by ``table``, what a section holds by ``writing``."""

from __future__ import annotations

from collections.abc import Mapping

from crisis.settings.checks import Words

LABELS: Mapping[tuple[str, str], Words] = {
    ("authority", "name"): Words("Name der Behörde", "Name of the authority"),
    ("authority", "short_name"): Words("Kurzname", "Short name"),
    ("authority", "language"): Words("Sprache der Seiten", "Language of pages"),
    ("authority", "timezone"): Words("Zeitzone", "Time zone"),
    ("authority", "contact_email"): Words("Kontakt per E-Mail", "Contact by e-mail"),
    ("authority", "contact_phone"): Words("Bürgertelefon", "Citizens' phone"),
    ("authority", "public_url"): Words("Öffentliche Adresse", "Public address"),
    ("authority", "imprint_url"): Words("Impressum", "Legal notice"),
    ("authority", "logo"): Words("Zeichen", "Sign"),
    ("authority", "colour"): Words("Farbe", "Colour"),
    ("authority", "colour_dark"): Words("Farbe in dunkler Ansicht", "Colour in dark mode"),
    ("authority", "privacy_url"): Words("Datenschutzerklärung", "Privacy statement"),
    ("accessibility", "assessed_on"): Words("Zuletzt geprüft am", "Last checked on"),
    ("accessibility", "known_barriers"): Words("Bekannte Barrieren", "Known barriers"),
    ("accessibility", "enforcement_name"): Words("Schlichtungsstelle", "Enforcement body"),
    ("accessibility", "enforcement_url"): Words("Adresse der Stelle", "Address of that body"),
    ("release", "emergency"): Words("Im Notfall allein freigeben", "Emergency release"),
    ("release", "review_hours"): Words("Nachsehen innerhalb", "Look within"),
    ("release", "two_approvals_from"): Words("Zwei Freigaben ab", "Two approvals from"),
    ("public", "embed_hosts"): Words("Einbetten erlaubt auf", "May be embedded on"),
    ("public", "websub_hub"): Words("WebSub-Verteiler", "WebSub hub"),
    ("desk", "host"): Words("Netzwerkadresse", "Network address"),
    ("desk", "port"): Words("Port", "Port"),
    ("desk", "session_hours"): Words(
        "Dauer einer Anmeldung (Stunden)", "Length of a sign-in (hours)"
    ),
    ("desk", "workers"): Words("Prozesse", "Processes"),
    ("desk", "threads"): Words("Anfragen je Prozess", "Requests per process"),
    ("desk", "trusted_proxies"): Words("Webserver davor", "Web servers in front"),
    ("mail", "host"): Words("Mailserver", "Mail server"),
    ("mail", "port"): Words("Port des Mailservers", "Port of the mail server"),
    ("mail", "security"): Words("Verschlüsselung", "Encryption"),
    ("mail", "user"): Words("Benutzer am Mailserver", "User at the mail server"),
    ("mail", "password_file"): Words("Datei mit dem Kennwort", "File with the password"),
    ("mail", "sender"): Words("Absender", "Sender"),
    ("mail", "dkim_key_file"): Words("Schlüssel zum Signieren", "Key for signing"),
    ("mail", "dkim_selector"): Words("Name des Schlüssels im DNS", "Name of the key in the DNS"),
    ("mail", "timeout_seconds"): Words("Geduld (Sekunden)", "Patience (seconds)"),
    ("inbox", "host"): Words("Server des Postfachs", "Server of the mailbox"),
    ("inbox", "port"): Words("Port des Postfachs", "Port of the mailbox"),
    ("inbox", "security"): Words("Verschlüsselung des Postfachs", "Encryption of the mailbox"),
    ("inbox", "user"): Words("Benutzer des Postfachs", "User of the mailbox"),
    ("inbox", "password_file"): Words("Datei mit dem Kennwort", "File with the password"),
    ("inbox", "folder"): Words("Ordner", "Folder"),
    ("inbox", "timeout_seconds"): Words("Geduld (Sekunden)", "Patience (seconds)"),
    ("inbox", "max_bytes"): Words("Größte Mail (Bytes)", "Largest mail (bytes)"),
    ("monitor", "interval_seconds"): Words(
        "Abstand der Abfragen (Sekunden)", "Time between requests (s)"
    ),
    ("monitor", "timeout_seconds"): Words(
        "Geduld mit Quellen (Sekunden)", "Patience with sources (seconds)"
    ),
    ("monitor", "max_bytes"): Words("Größte Antwort (Bytes)", "Largest answer (bytes)"),
    ("monitor", "allowed_hosts"): Words("Erlaubte eigene Rechner", "Own hosts that may be asked"),
    ("monitor", "places"): Words("Orte der Gegend", "Places of the area"),
    ("monitor", "user_agent_contact"): Words("Kontakt für Betreiber", "Contact for operators"),
    ("monitor", "pushed_per_minute"): Words(
        "Übergebene Beiträge je Minute", "Pushed posts a minute"
    ),
    ("monitor", "step_seconds"): Words(
        "Pause des Beobachters (Sekunden)", "Rest of the monitor (seconds)"
    ),
    ("watchdog", "outside_email"): Words("Adresse außerhalb", "Address outside"),
    ("watchdog", "outside_host"): Words("Zweiter Mailserver", "Second mail server"),
    ("watchdog", "outside_port"): Words("Sein Port", "Its port"),
    ("watchdog", "outside_security"): Words("Seine Verschlüsselung", "Its encryption"),
    ("watchdog", "outside_user"): Words("Anmeldung dort", "Sign-in there"),
    ("watchdog", "outside_password_file"): Words("Kennwortdatei dafür", "Password file for it"),
    ("watchdog", "outside_sender"): Words("Absender dort", "Sender there"),
    ("watchdog", "ping_url"): Words("Lebenszeichen an", "Sign of life to"),
    ("watchdog", "self_test_email"): Words("Selbsttest an", "Self-test to"),
    ("watchdog", "self_test_hour"): Words("Selbsttest ab (Uhr)", "Self-test from (hour)"),
    ("watchdog", "answer_minutes"): Words("Antwort binnen (Minuten)", "Answer within (minutes)"),
    ("matching", "encoder"): Words("Sprachmodell", "Language model"),
    ("matching", "raise_at"): Words("Schwelle für Vorfälle", "Threshold of incidents"),
    ("matching", "suggest_at"): Words("Schwelle für Vorschläge", "Threshold of suggestions"),
    ("matching", "false_alarms_per_week"): Words(
        "Falsche Meldungen je Woche", "False alarms a week"
    ),
    ("matching", "suggestions_per_day"): Words("Vorschläge am Tag", "Suggestions a day"),
    ("learning", "enabled"): Words("Aus Urteilen lernen", "Learn from verdicts"),
    ("learning", "interval_days"): Words("Abstand der Versuche (Tage)", "Days between attempts"),
    ("learning", "at_least"): Words("Urteile für einen Versuch", "Verdicts for an attempt"),
    ("alerts", "escalate_after_minutes"): Words(
        "Weiterreichen nach (Minuten)", "Pass on after (minutes)"
    ),
    ("alerts", "link_hours"): Words(
        "Gültigkeit des Knopfs (Stunden)", "Validity of the button (hours)"
    ),
    ("alerts", "remind_minutes"): Words("Nachfrage nach (Minuten)", "Asked again after (minutes)"),
    ("alerts", "hand_back_minutes"): Words(
        "Zurückgegeben nach (Minuten)", "Handed back after (minutes)"
    ),
    ("alerts", "together_from"): Words("In einer Mail ab", "As one mail from"),
    ("alerts", "most_mails"): Words("Mails in zehn Minuten", "Mails within ten minutes"),
    ("alerts", "catch_all_email"): Words("Auffangadresse", "Catch-all address"),
    ("rota", "federal_state"): Words("Bundesland (Feiertage)", "Federal state (holidays)"),
    ("rota", "warn_hours"): Words("Warnung vor Lücken (Stunden)", "Warning of gaps (hours)"),
    ("rota", "handover_mails"): Words("Mail beim Schichtwechsel", "Mail at a change of shift"),
    ("drills", "remind_days"): Words(
        "Übung spätestens alle (Tage)", "A drill at least every (days)"
    ),
    ("drills", "responsible_email"): Words("Erinnerung an", "Reminder to"),
    ("targets", "detection_minutes"): Words("Erkennen (Minuten)", "Detection (minutes)"),
    ("targets", "alert_minutes"): Words("Alarmieren (Minuten)", "Alert (minutes)"),
    ("targets", "acknowledgement_minutes"): Words(
        "Übernehmen (Minuten)", "Acknowledgement (minutes)"
    ),
    ("targets", "answer_minutes"): Words("Erste Antwort (Minuten)", "First answer (minutes)"),
    ("targets", "correction_minutes"): Words("Richtigstellen (Minuten)", "Correction (minutes)"),
    ("retention", "seen_days"): Words("Prüfsummen ohne Treffer", "Hashes without a match"),
    ("retention", "posts_days"): Words("Beiträge beendeter Vorfälle", "Posts of ended incidents"),
    ("retention", "outbox_days"): Words("Verschickte Mails", "Sent mails"),
    ("playbooks", "folder"): Words("Ordner der Vorlagen", "Folder of playbooks"),
    ("playbooks", "git"): Words("Änderungen in Git festhalten", "Keep changes in git"),
    ("playbooks", "expiring_soon_days"): Words(
        "Warnung vor dem Ablauf (Tage)", "Warning before the end (days)"
    ),
    ("channels", "by_hand"): Words("Kanäle von Hand", "Channels by hand"),
    ("channels", "not_ticked"): Words("Ohne Häkchen", "Without a tick"),
    ("channels", "picture"): Words("Teilbild mitschicken", "Send the share picture"),
    ("channels", "allowed_hosts"): Words("Erlaubte eigene Rechner", "Own hosts that may be called"),
    ("channels", "timeout_seconds"): Words("Geduld (Sekunden)", "Patience (seconds)"),
    ("channels.mastodon", "server"): Words("Server", "Server"),
    ("channels.mastodon", "token_file"): Words(
        "Datei mit dem Zugangsschlüssel", "File with the access token"
    ),
    ("channels.mastodon", "visibility"): Words("Sichtbarkeit", "Visibility"),
    ("channels.bluesky", "handle"): Words("Konto", "Account"),
    ("channels.bluesky", "password_file"): Words(
        "Datei mit dem App-Passwort", "File with the app password"
    ),
    ("channels.bluesky", "server"): Words("Server", "Server"),
    ("channels.press", "enabled"): Words("Eingeschaltet", "Switched on"),
    ("channels.press", "sender"): Words("Absender", "Sender"),
    ("channels.press", "reply_to"): Words("Antworten an", "Replies to"),
    ("channels.webhook", "url"): Words("Adresse", "Address"),
    ("channels.webhook", "secret_file"): Words("Datei mit dem Geheimnis", "File with the secret"),
}


def label(key: tuple[str, str]) -> Words:
    """The setting's name for people; one that has none yet is called by its own."""
    return LABELS.get(key) or Words(key[1], key[1])
