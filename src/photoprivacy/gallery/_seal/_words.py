"""What the page of a sealed album says, in every language of the gallery's page.

It is the same for every album: which language a recipient reads is the browser's to know.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

from photoprivacy.gallery._languages import LANGUAGES, Message

#: Messages that the gallery's own page says too.
_SHARED: Final = (
    "announce", "close_viewer", "counter", "download", "download_photo", "locator", "locator_alt",
    "locked", "locked_words", "next", "open", "password", "pause", "places_title", "play",
    "play_moving", "previous", "viewer", "wrong", "zoom",
)  # fmt: skip

#: Code → what only this page says.
WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "sealed": "Sealed album",
        "opening": "Opening…",
        "ask_key": "A key opens this album",
        "ask_key_words": "It stands behind the # of the link, or was sent to you in groups of "
        "four letters.",
        "key": "Key, or the whole link",
        "password_words": "Whoever sent you the link knows it. It goes nowhere: your browser "
        "decrypts with it.",
        "closed": "This album does not open",
        "decrypting": "Decrypting {name}: {percent} %",
        "saved": "{name} is saved by your browser.",
        "zoomed": "Photo, zoomed",
        "unshown": "Your browser does not show pictures of this format.",
        "unplayed": "Your browser does not play videos of this format.",
        "here": "Sealed album. It was decrypted here, in your browser; its host cannot look into "
        "it.",
        "reader": "Script of this page, SHA-256:",
        "no_key": "This album opens with a key, and there is none in the address. It stands "
        "behind the # of the link; some messengers cut it off.",
        "short_key": "The key is cut short: a part of the link got lost on the way. Ask for it "
        "again.",
        "bad_key": "A letter of the key is wrong. Look at it again.",
        "wrong_key": "This key is not this album’s. Perhaps it belongs to an album that was here "
        "before.",
        "no_album": "There is no sealed album here.",
        "newer": "This album was sealed by a newer version than this page can read.",
        "changed": "The album was changed after it was sealed. Nothing of it is shown.",
        "lowered": "This album asks for less protection than there must be. Nothing of it is "
        "shown.",
        "list": "The list of photos is damaged. Nothing of it is shown.",
        "damaged": "This file was damaged or changed after it was sealed.",
        "short": "This file is cut short: a part of it got lost.",
        "long": "Something was added to this file after it was sealed.",
        "missing_file": "This file is missing.",
        "exchanged": "This file was exchanged for another one of the album.",
        "older": "This file is from another sealing: an older copy perhaps.",
        "no_answer": "The host does not answer. The link is fine: try again in a little while.",
        "beside": "A page that was opened from the disk may not read the files beside it. Put the "
        "folder on a web host, or ask for the album as a single file.",
        "browser": "This browser cannot decrypt here. It takes HTTPS, and a browser of the last "
        "years.",
    },
    "de": {
        "sealed": "Versiegeltes Album",
        "opening": "Wird geöffnet …",
        "ask_key": "Ein Schlüssel öffnet dieses Album",
        "ask_key_words": "Er steht hinter dem # des Links oder kam in Gruppen von vier Buchstaben.",
        "key": "Schlüssel oder ganzer Link",
        "password_words": "Wer den Link geschickt hat, kennt es. Es wird nirgendwohin geschickt: "
        "Der Browser entschlüsselt damit.",
        "closed": "Dieses Album lässt sich nicht öffnen",
        "decrypting": "{name} wird entschlüsselt: {percent} %",
        "saved": "Der Browser speichert {name}.",
        "zoomed": "Foto, vergrößert",
        "unshown": "Dieser Browser zeigt keine Bilder in diesem Format.",
        "unplayed": "Dieser Browser spielt keine Videos in diesem Format.",
        "here": "Versiegeltes Album. Es wurde hier im Browser entschlüsselt; wer es speichert, "
        "kann nicht hineinsehen.",
        "reader": "Skript dieser Seite, SHA-256:",
        "no_key": "Dieses Album öffnet sich mit einem Schlüssel, und in der Adresse steht keiner. "
        "Er steht hinter dem # des Links; manche Messenger schneiden ihn ab.",
        "short_key": "Der Schlüssel ist unvollständig: Ein Teil des Links ging unterwegs "
        "verloren. Bitte noch einmal schicken lassen.",
        "bad_key": "Ein Buchstabe des Schlüssels stimmt nicht. Bitte noch einmal nachsehen.",
        "wrong_key": "Dieser Schlüssel gehört nicht zu diesem Album. Vielleicht gehört er zu "
        "einem, das vorher hier lag.",
        "no_album": "Hier ist kein versiegeltes Album.",
        "newer": "Dieses Album wurde mit einer neueren Version versiegelt, als diese Seite lesen "
        "kann.",
        "changed": "Das Album wurde verändert, nachdem es versiegelt war. Nichts davon wird "
        "gezeigt.",
        "lowered": "Dieses Album verlangt weniger Schutz, als sein muss. Nichts davon wird "
        "gezeigt.",
        "list": "Die Liste der Fotos ist beschädigt. Nichts davon wird gezeigt.",
        "damaged": "Diese Datei wurde nach dem Versiegeln beschädigt oder verändert.",
        "short": "Diese Datei ist unvollständig: Ein Teil ging verloren.",
        "long": "An diese Datei wurde nach dem Versiegeln etwas angehängt.",
        "missing_file": "Diese Datei fehlt.",
        "exchanged": "Diese Datei wurde gegen eine andere des Albums vertauscht.",
        "older": "Diese Datei stammt aus einer anderen Versiegelung, vielleicht einer älteren "
        "Kopie.",
        "no_answer": "Der Server antwortet nicht. Der Link ist in Ordnung: Bitte in Kürze noch "
        "einmal versuchen.",
        "beside": "Eine Seite, die von der Festplatte geöffnet wurde, darf die Dateien neben sich "
        "nicht lesen. Der Ordner gehört auf einen Webserver, oder das Album kommt als einzelne "
        "Datei.",
        "browser": "Dieser Browser kann hier nicht entschlüsseln. Es braucht HTTPS und einen "
        "Browser der letzten Jahre.",
    },
    "fr": {
        "sealed": "Album scellé",
        "opening": "Ouverture…",
        "ask_key": "Une clé ouvre cet album",
        "ask_key_words": "Elle se trouve après le # du lien, ou vous a été envoyée par groupes de "
        "quatre lettres.",
        "key": "Clé, ou lien entier",
        "password_words": "La personne qui a envoyé le lien le connaît. Il n’est envoyé nulle "
        "part : votre navigateur s’en sert pour déchiffrer.",
        "closed": "Cet album ne s’ouvre pas",
        "decrypting": "Déchiffrement de {name} : {percent} %",
        "saved": "Votre navigateur enregistre {name}.",
        "zoomed": "Photo agrandie",
        "unshown": "Votre navigateur n’affiche pas les images de ce format.",
        "unplayed": "Votre navigateur ne lit pas les vidéos de ce format.",
        "here": "Album scellé. Il a été déchiffré ici, dans votre navigateur ; son hébergeur ne "
        "peut pas le voir.",
        "reader": "Script de cette page, SHA-256 :",
        "no_key": "Cet album s’ouvre avec une clé, et l’adresse n’en contient pas. Elle se trouve "
        "après le # du lien ; certaines messageries la coupent.",
        "short_key": "La clé est incomplète : une partie du lien s’est perdue en route. "
        "Demandez-la de nouveau.",
        "bad_key": "Une lettre de la clé est fausse. Vérifiez-la.",
        "wrong_key": "Cette clé n’est pas celle de cet album. Elle appartient peut-être à un album "
        "qui était ici auparavant.",
        "no_album": "Il n’y a pas d’album scellé ici.",
        "newer": "Cet album a été scellé par une version plus récente que celle que cette page "
        "sait lire.",
        "changed": "L’album a été modifié après avoir été scellé. Rien n’en est affiché.",
        "lowered": "Cet album demande moins de protection qu’il n’en faut. Rien n’en est affiché.",
        "list": "La liste des photos est endommagée. Rien n’en est affiché.",
        "damaged": "Ce fichier a été endommagé ou modifié après avoir été scellé.",
        "short": "Ce fichier est incomplet : une partie s’est perdue.",
        "long": "Quelque chose a été ajouté à ce fichier après le scellement.",
        "missing_file": "Ce fichier manque.",
        "exchanged": "Ce fichier a été échangé contre un autre de l’album.",
        "older": "Ce fichier vient d’un autre scellement, peut-être d’une copie plus ancienne.",
        "no_answer": "L’hébergeur ne répond pas. Le lien est bon : réessayez dans un petit moment.",
        "beside": "Une page ouverte depuis le disque ne peut pas lire les fichiers à côté d’elle. "
        "Mettez le dossier sur un serveur web, ou demandez l’album en un seul fichier.",
        "browser": "Ce navigateur ne peut pas déchiffrer ici. Il faut HTTPS et un navigateur "
        "récent.",
    },
    "ja": {
        "sealed": "封印されたアルバム",
        "opening": "開いています…",
        "ask_key": "このアルバムは鍵で開きます",
        "ask_key_words": "鍵はリンクの # の後ろにあります。または4文字ずつ区切って送られています。",
        "key": "鍵、またはリンク全体",
        "password_words": "リンクを送ってくれた人が知っています。どこにも送信されません。"
        "お使いのブラウザが復号に使うだけです。",
        "closed": "このアルバムは開けません",
        "decrypting": "{name}を復号しています: {percent} %",
        "saved": "{name}はブラウザが保存します。",
        "zoomed": "写真(拡大表示)",
        "unshown": "お使いのブラウザはこの形式の画像を表示できません。",
        "unplayed": "お使いのブラウザはこの形式の動画を再生できません。",
        "here": "封印されたアルバムです。お使いのブラウザの中で復号されました。"
        "保管しているサーバーは中を見られません。",
        "reader": "このページのスクリプトの SHA-256:",
        "no_key": "このアルバムは鍵で開きますが、アドレスに鍵がありません。鍵はリンクの # の"
        "後ろにあります。メッセージアプリによっては切り落とされます。",
        "short_key": "鍵が途中で切れています。リンクの一部が失われました。"
        "もう一度送ってもらってください。",
        "bad_key": "鍵の文字が間違っています。もう一度確かめてください。",
        "wrong_key": "これはこのアルバムの鍵ではありません。以前ここにあったアルバムの鍵かも"
        "しれません。",
        "no_album": "ここに封印されたアルバムはありません。",
        "newer": "このアルバムは、このページが読めるものより新しい版で封印されています。",
        "changed": "アルバムは封印の後に変更されています。内容は表示しません。",
        "lowered": "このアルバムの保護は必要な強さに足りません。内容は表示しません。",
        "list": "写真の一覧が壊れています。内容は表示しません。",
        "damaged": "このファイルは封印の後に壊れたか、変更されています。",
        "short": "このファイルは途中で切れています。一部が失われました。",
        "long": "このファイルには封印の後に何かが付け加えられています。",
        "missing_file": "このファイルがありません。",
        "exchanged": "このファイルはアルバムの別のファイルと入れ替えられています。",
        "older": "このファイルは別の封印のものです。古いコピーかもしれません。",
        "no_answer": "サーバーが応答しません。リンクは正しいものです。"
        "しばらくしてからもう一度お試しください。",
        "beside": "ディスクから開いたページは、隣のファイルを読めません。フォルダーをウェブ"
        "サーバーに置くか、アルバムを一つのファイルとして送ってもらってください。",
        "browser": "このブラウザではここで復号できません。HTTPS と近年のブラウザが必要です。",
    },
    "ar": {
        "sealed": "ألبوم مختوم",
        "opening": "جارٍ الفتح…",
        "ask_key": "مفتاح يفتح هذا الألبوم",
        "ask_key_words": "تجده بعد علامة # في الرابط، أو أُرسل إليك في مجموعات من أربعة أحرف.",
        "key": "المفتاح أو الرابط كاملًا",
        "password_words": "يعرفها من أرسل إليك الرابط. لا تُرسل إلى أي مكان: متصفحك يستخدمها لفك "
        "التشفير.",
        "closed": "لا يُفتح هذا الألبوم",
        "decrypting": "جارٍ فك تشفير {name}: {percent} %",
        "saved": "متصفحك يحفظ {name}.",
        "zoomed": "صورة مكبّرة",
        "unshown": "متصفحك لا يعرض صورًا بهذه الصيغة.",
        "unplayed": "متصفحك لا يشغّل مقاطع بهذه الصيغة.",
        "here": "ألبوم مختوم. فُكّ تشفيره هنا في متصفحك، ولا يستطيع من يستضيفه الاطلاع عليه.",
        "reader": "برنامج هذه الصفحة، SHA-256:",
        "no_key": "يُفتح هذا الألبوم بمفتاح، ولا مفتاح في العنوان. تجده بعد علامة # في الرابط، "
        "وبعض تطبيقات المراسلة تقطعه.",
        "short_key": "المفتاح ناقص: ضاع جزء من الرابط في الطريق. اطلبه مرة أخرى.",
        "bad_key": "في المفتاح حرف خاطئ. تحقّق منه مرة أخرى.",
        "wrong_key": "هذا المفتاح ليس لهذا الألبوم. ربما كان لألبوم آخر كان هنا من قبل.",
        "no_album": "لا يوجد ألبوم مختوم هنا.",
        "newer": "خُتم هذا الألبوم بإصدار أحدث مما تستطيع هذه الصفحة قراءته.",
        "changed": "تغيّر الألبوم بعد ختمه. لن يُعرض منه شيء.",
        "lowered": "يطلب هذا الألبوم حماية أقل مما يجب. لن يُعرض منه شيء.",
        "list": "قائمة الصور تالفة. لن يُعرض منها شيء.",
        "damaged": "تلف هذا الملف أو تغيّر بعد ختمه.",
        "short": "هذا الملف ناقص: ضاع جزء منه.",
        "long": "أُضيف شيء إلى هذا الملف بعد ختمه.",
        "missing_file": "هذا الملف مفقود.",
        "exchanged": "استُبدل هذا الملف بملف آخر من الألبوم.",
        "older": "هذا الملف من ختم آخر، وربما من نسخة أقدم.",
        "no_answer": "الخادم لا يجيب. الرابط سليم: حاول مرة أخرى بعد قليل.",
        "beside": "صفحة فُتحت من القرص لا يُسمح لها بقراءة الملفات المجاورة. ضع المجلد على خادم "
        "ويب، أو اطلب الألبوم في ملف واحد.",
        "browser": "لا يستطيع هذا المتصفح فك التشفير هنا. يلزم HTTPS ومتصفح حديث.",
    },
}


def script() -> str:
    """Return what tells the page's script its words: a statement of JavaScript."""
    told: dict[str, dict[str, object]] = {}
    for code, language in LANGUAGES.items():
        messages: dict[str, Message] = {key: language.messages[key] for key in _SHARED}
        messages |= WORDS[code]
        told[code] = {"dir": "rtl" if language.right_to_left else "ltr", "messages": messages}
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    # It stands within an element of HTML: no letter of it ends that one.
    return f"globalThis.sealedWords={text.replace('<', chr(92) + 'u003c')};\n"
