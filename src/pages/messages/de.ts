import type { Messages } from './en.ts'

/** German, with „du“. */
export const de: Messages = {
  footer: 'Gesichert durch {springbar}',
  reference: 'Kennung für den Support: {reference}',
  'close.hint': 'Du kannst dieses Fenster schließen.',
  'close.button': 'Fenster schließen',
  'again.button': 'Noch einmal versuchen',
  'list.link': 'Zurück zur Liste',

  'connected.title': '{source} ist verbunden',
  'connected.text': '{application} kann jetzt deine Daten von {source} empfangen.',
  'connected.partly': 'Du hast nicht alles erlaubt, was angefragt war. Einige Daten können deshalb fehlen.',
  'connected.end': 'Du kannst die Verbindung jederzeit trennen.',
  'not-connected.title': '{source} wurde nicht verbunden',
  'not-connected.kept': 'Deine bisherige Verbindung bleibt, wie sie war.',
  'disconnected.title': '{source} ist getrennt',
  'disconnected.text': '{application} empfängt deine Daten von {source} nicht mehr.',
  'not-disconnected.title': '{source} wurde nicht getrennt',
  'not-disconnected.kept': 'Du wolltest die Verbindung behalten.',
  'nothing-changed': 'Es wurde nichts geändert.',
  'general.title': 'Du kannst zu deiner App zurückkehren',
  'general.text': 'Die App, in der du begonnen hast, zeigt dir, ob deine Quelle verbunden ist.',

  'vendor.asked': 'Wir bitten auch {source}, den Zugriff dort zu beenden.',
  'vendor.by-hand':
    'Um den Zugriff auch bei {source} zu beenden, entferne ihn dort in deinen Kontoeinstellungen.',
  'vendor.by-hand-at': 'Um den Zugriff auch bei {source} zu beenden, entferne ihn dort: {address}',

  'failed.access_denied.why': 'Du hast bei {source} abgebrochen.',
  'failed.access_denied.next': 'Du kannst es jederzeit noch einmal versuchen.',
  'failed.scope_missing.why': 'Einige Berechtigungen, die {application} braucht, fehlen.',
  'failed.scope_missing.next': 'Bitte versuche es noch einmal und erlaube alles, was {source} aufführt.',
  'failed.consent_missing.why': 'Du musst bei {source} zuerst noch etwas zustimmen.',
  'failed.consent_missing.next':
    'Melde dich bei {source} an, stimme dort zu und versuche es dann hier noch einmal.',
  'failed.session_expired.why': 'Der Link, den du benutzt hast, ist abgelaufen.',
  'failed.session_expired.next': 'Gehe zurück zu {application} und beginne dort noch einmal.',
  'failed.attempt_expired.why': 'Es hat zu lange gedauert. Zum Schutz deines Kontos haben wir abgebrochen.',
  'failed.attempt_expired.next': 'Du kannst es jederzeit noch einmal versuchen.',
  'failed.account_in_use.why':
    'Jemand anderes hat dieses Konto von {source} schon mit {application} verbunden.',
  'failed.account_in_use.next': 'Trenne es zuerst dort oder wähle ein anderes Konto von {source}.',
  'failed.browser_changed.why':
    'Du bist in einem anderen Browser zurückgekommen als dem, in dem du begonnen hast.',
  'failed.browser_changed.next': 'Gehe zurück zu {application} und beginne dort noch einmal.',
  'failed.user_mismatch.why': 'Dieser Link wurde für ein anderes Konto bei {application} erstellt.',
  'failed.user_mismatch.next': 'Gehe zurück zu {application} und beginne dort noch einmal.',
  'failed.source_not_available.why': '{source} kann gerade nicht mit {application} verbunden werden.',
  'failed.source_not_available.next': 'Bitte frage den Support von {application} danach.',
  'failed.vendor_unavailable.why': '{source} antwortet im Moment nicht.',
  'failed.vendor_unavailable.next': 'Bitte versuche es in ein paar Minuten noch einmal.',
  'failed.vendor_error.why': '{source} hat eine Antwort gegeben, die wir nicht verwenden konnten.',
  'failed.vendor_error.next':
    'Bitte versuche es noch einmal. Wenn es wieder passiert, nenne dem Support die Kennung unten.',
  'failed.server_error.why': 'Bei uns ist etwas schiefgegangen.',
  'failed.server_error.next':
    'Bitte versuche es in ein paar Minuten noch einmal. Wenn es wieder passiert, nenne dem Support die Kennung unten.',

  'error.link-not-valid.title': 'Dieser Link ist nicht gültig',
  'error.link-not-valid.text': 'Vielleicht fehlt ein Teil davon, oder er wird nicht mehr verwendet.',
  'error.link-expired.title': 'Dieser Link ist abgelaufen',
  'error.link-expired.text': 'Zu deiner Sicherheit gelten Links nur kurze Zeit.',
  'error.redirect-not-allowed.title': 'Dieser Link kann nicht benutzt werden',
  'error.redirect-not-allowed.text':
    'Er führt zu einer Adresse, die die App nicht freigegeben hat. Deshalb haben wir angehalten.',
  'error.source-unknown.title': 'Diese Quelle kennen wir nicht',
  'error.source-unknown.text': 'Der Link nennt eine Datenquelle, die es hier nicht gibt.',
  'error.source-not-available.title': 'Diese Quelle kann gerade nicht verbunden werden',
  'error.source-not-available.title-named': '{source} kann gerade nicht verbunden werden',
  'error.source-not-available.text': 'In der App kannst du weiterhin eine andere Quelle wählen.',
  'error.source-native.title': 'Verbinde diese Quelle auf deinem Handy',
  'error.source-native.title-named': 'Verbinde {source} auf deinem Handy',
  'error.source-native.text':
    'Die Daten liegen auf deinem Handy. Deshalb wird die Quelle dort in der App verbunden, nicht im Web.',
  'error.already-used.title': 'Dieser Schritt ist schon erledigt',
  'error.already-used.text':
    'Er geht nur einmal. Die App, in der du begonnen hast, zeigt dir, wie er ausgegangen ist.',
  'error.browser-changed.title': 'Du bist in einem anderen Browser zurückgekommen',
  'error.browser-changed.text':
    'Zu deiner Sicherheit wurde nichts verbunden: Beginne und beende es bitte im selben Browser.',
  'error.too-many-requests.title': 'Das war ein bisschen zu schnell',
  'error.too-many-requests.text':
    'In kurzer Zeit kamen zu viele Anfragen. Bitte warte eine Minute und versuche es noch einmal.',
  'error.not-found.title': 'Hier ist nichts',
  'error.not-found.text': 'Die Adresse ist vielleicht vertippt oder veraltet.',
  'error.temporarily-down.title': 'Wir sind gleich wieder da',
  'error.temporarily-down.text':
    'Der Dienst ist gerade nicht erreichbar. Bitte versuche es in einer Minute noch einmal.',
  'error.something-broke.title': 'Etwas ist schiefgegangen',
  'error.something-broke.text': 'Es liegt nicht an dir. Bitte versuche es in ein paar Minuten noch einmal.',
  'advice.start-again': 'Gehe zurück zur App, in der du begonnen hast, und beginne dort noch einmal.',
  'advice.start-again-in': 'Gehe zurück zu {application} und beginne dort noch einmal.',
  'advice.open-app': 'Öffne die App auf deinem Handy, um sie zu verbinden.',
  'advice.open-app-named': 'Öffne {application} auf deinem Handy, um sie zu verbinden.',
  'advice.tell-support': 'Wenn es wieder passiert, nenne dem Support die Kennung unten.',

  'disconnect.title': '{source} trennen?',
  'disconnect.stops': '{application} empfängt dann keine Daten mehr von {source}.',
  'disconnect.past': 'Daten, die {application} schon hat, werden dadurch nicht gelöscht.',
  'disconnect.again': 'Du kannst die Quelle jederzeit wieder verbinden.',
  'disconnect.yes': 'Trennen',
  'disconnect.no': 'Verbunden lassen',
  'for-label': 'Für {label}',

  'leave.title': '{source} mit {application} verbinden?',
  'leave.next': 'Als Nächstes meldest du dich bei {source} an und wählst, was du teilst.',
  'leave.whose': 'Deine Daten von {source} gehen dann an dieses Konto bei {application}: {label}',
  'leave.question': 'Hast du das selbst begonnen?',
  'leave.warning':
    'Wenn dir jemand diesen Link geschickt hat, brich ab: Deine Daten gingen sonst an das Konto dieser Person.',
  'leave.yes': 'Ja, weiter',
  'leave.no': 'Nein, abbrechen',

  'move.title': 'Dieses Konto von {source} übernehmen?',
  'move.text': 'Wenn du weitermachst, wird es dort getrennt und hier verbunden.',
  'move.yes': 'Ja, übernehmen',
  'move.no': 'Nein, dort lassen',

  'region.title': 'Wo ist dein {source}-Konto?',
  'region.text':
    '{source} führt die Konten verschiedener Weltgegenden getrennt. Wähle, wo deines angelegt wurde.',
  'region.elsewhere': 'Ein anderes Land (nicht {countries})',

  'framed.title': 'Weiter zu {source}',
  'framed.text': '{source} öffnet sich in ganzer Ansicht, damit du die Adresse sehen kannst.',
  'framed.new-window': 'In neuem Fenster fortfahren',
  'framed.whole-window': 'Weiter',

  'list.title': 'Deine Datenquellen',
  'list.text': 'Wähle, woher {application} deine Daten empfangen darf.',
  'list.connected': 'Verbunden',
  'list.available': 'Bereit zum Verbinden',
  'list.unavailable': 'Nicht verfügbar ({count})',
  'list.empty': 'Hier kann noch keine Quelle verbunden werden.',
  'list.connect': 'Verbinden',
  'list.reconnect': 'Neu verbinden',
  'list.disconnect': 'Trennen',
  'state.connected': 'Verbunden seit {date}',
  'state.needs-attention': 'Braucht dich: bitte neu verbinden',
  'state.not-connected': 'Nicht verbunden',

  'reason.planned': 'Die Quelle kommt später.',
  'reason.ended': 'Der Hersteller hat den Dienst beendet.',
  'reason.closed': 'Der Hersteller bietet sie anderen Apps nicht an.',
  'reason.native': 'Sie wird in der App auf deinem Handy verbunden.',
  'reason.not-set-up': 'Die App hat sie noch nicht eingerichtet.',
  'reason.not-offered': 'Die App bietet sie hier nicht an.',

  'log-in.title': 'Melde dich an, um {source} zu verbinden',
  'log-in.lead':
    'Nimm die Anmeldung deines Kontos bei {account}. Dann kann {application} deine Daten von {source} erhalten.',
  'log-in.unofficial':
    '{account} hat keinen offiziellen Weg für andere Apps. Dieser ist inoffiziell und kann jederzeit aufhören zu funktionieren.',
  'log-in.kept': 'Dein Passwort dient nur dieser Anmeldung. Es wird nicht gespeichert.',
  'log-in.email': 'E-Mail-Adresse',
  'log-in.username': 'Benutzername',
  'log-in.password': 'Passwort',
  'log-in.submit': 'Anmelden',
  'cancel.button': 'Abbrechen',
  'log-in.problem.incomplete': 'Bitte fülle beide Felder aus.',
  'log-in.problem.wrong_password':
    'Dazu passt kein Konto. Bitte prüfe beide Felder und versuche es noch einmal.',
  'log-in.problem.terms':
    '{account} hat neue Bedingungen. Öffne die App, stimme ihnen dort zu und melde dich dann hier noch einmal an.',
  'log-in.problem.extra_step':
    '{account} verlangt einen Schritt, den nur die App zeigen kann. Schließe ihn dort ab und melde dich dann hier noch einmal an.',
  'log-in.problem.locked':
    '{account} hat die Anmeldung nach mehreren Versuchen eine Weile gesperrt. Bitte warte einige Minuten und versuche es dann noch einmal.',
  'failed.log_in_failed.why': 'Die Anmeldung bei {source} hat nicht geklappt.',
  'failed.log_in_failed.next': 'Prüfe sie zuerst in der App von {source} und versuche es dann noch einmal.',
  'reason.log-in-off': 'Dafür bräuchte es deine Anmeldung dort, und das ist hier ausgeschaltet.',
  'pairing.title': 'Verbinde {source} mit deinem Handy',
  'pairing.lead': 'Deine Daten von {source} sind auf deinem Handy. {application} verbindet sie dort.',
  'pairing.open': 'Öffne {application} auf deinem Handy.',
  'pairing.enter': 'Scanne das Bild oder gib dort diesen Code ein.',
  'pairing.allow': 'Wähle dort, was du teilen möchtest.',
  'pairing.code': 'Kopplungscode',
  'pairing.picture': 'QR-Code mit dem Kopplungscode',
  'pairing.here': '{application} auf diesem Handy öffnen',
  'pairing.once': 'Der Code gilt einmal und {minutes} Minuten lang. Gib ihn niemandem.',
  'pairing.done': 'Das habe ich getan',
  'pairing.not-yet':
    'Dein Handy hat noch nicht geantwortet. Bitte schließe dort alles ab und drücke dann noch einmal auf den Knopf.',
}
