"""Arabic."""

from __future__ import annotations

from photoprivacy.gallery._languages._language import Language


def _plural(number: int) -> str:
    if number in (0, 1, 2):
        return ("zero", "one", "two")[number]
    rest = number % 100
    return "few" if 3 <= rest <= 10 else "many" if rest >= 11 else "other"


LANGUAGE = Language(
    code="ar",
    right_to_left=True,
    plural=_plural,
    months=(
        *("يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو"),
        *("يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر"),
    ),
    date=("{d}", " {m}", " {y}"),
    thousands=",",
    comma="، ",
    messages={
        "album": "ألبوم مشترك",
        "skip": "انتقل إلى الصور",
        "photos": {
            "zero": "لا صور",
            "one": "صورة واحدة",
            "two": "صورتان",
            "few": "{n} صور",
            "many": "{n} صورة",
            "other": "{n} صورة",
        },
        "places": {
            "zero": "لا أماكن",
            "one": "مكان واحد",
            "two": "مكانان",
            "few": "{n} أماكن",
            "many": "{n} مكانًا",
            "other": "{n} مكان",
        },
        "all_photos": "الصور",
        "elsewhere": "أماكن أخرى",
        "undated": "بلا تاريخ",
        "photo_from": "صورة من {told}",
        "photo_number": "الصورة {n}",
        "more": {
            "zero": "لا صور أخرى",
            "one": "اعرض صورة أخرى",
            "two": "اعرض صورتين أخريين",
            "few": "اعرض {n} صور أخرى",
            "many": "اعرض {n} صورة أخرى",
            "other": "اعرض {n} صورة أخرى",
        },
        "until_time": "{day}، {time} بالتوقيت العالمي",
        "private": "ألبوم خاص. بلا حساب، بلا تتبّع، ولا شيء من جهات أخرى.",
        "private_until": "ألبوم خاص، مفتوح حتى {until}. بلا حساب، بلا تتبّع، "
        "ولا شيء من جهات أخرى.",
        "clean": "التنزيلات بدقتها الكاملة، ولا تحوي الملفات أين ومتى وبماذا التُقطت الصور.",
        "empty": "لا صور بعد",
        "empty_words": "لم يُضف شيء إلى هذا الألبوم حتى الآن. عُد إليه بالرابط نفسه.",
        "places_title": "الأماكن",
        "days_title": "الأيام",
        "trips_title": "الرحلات",
        "slideshow": "عرض شرائح",
        "filtered": {
            "zero": "{name}: لا صور",
            "one": "{name}: صورة واحدة",
            "two": "{name}: صورتان",
            "few": "{name}: {n} صور",
            "many": "{name}: {n} صورة",
            "other": "{name}: {n} صورة",
        },
        "show_all": "اعرض الكل",
        "download": "نزّل بالدقة الكاملة",
        "download_photo": "نزّل الصورة {n} بالدقة الكاملة",
        "download_section": "نزّل {name}",
        "download_album": "نزّل الألبوم",
        "viewer": "عارض الصور",
        "counter": "{n} / {total}",
        "announce": "الصورة {n} من {total}. {alt}",
        "close_viewer": "إغلاق (Esc)",
        "zoom": "تكبير",
        "previous": "الصورة السابقة",
        "next": "الصورة التالية",
        "photo_failed": "تعذّر تحميل هذه الصورة.",
        "play": "شغّل عرض الشرائح",
        "pause": "أوقف عرض الشرائح",
        "play_moving": "شغّل الصورة المتحركة",
        "map": "الخريطة",
        "map_label": "خريطة الأماكن",
        "map_close": "أغلق الخريطة",
        "map_note": "العلامات تشير إلى المدن، لا إلى موضع التقاط الصورة.",
        "map_loading": "تُرسم الخريطة…",
        "map_failed": "لم تُحمَّل الخريطة. حاول مرة أخرى.",
        "pin": {
            "zero": "{name}، لا صور",
            "one": "{name}، صورة واحدة",
            "two": "{name}، صورتان",
            "few": "{name}، {n} صور",
            "many": "{name}، {n} صورة",
            "other": "{name}، {n} صورة",
        },
        "zoom_in": "تقريب",
        "zoom_out": "إبعاد",
        "locator": "أين",
        "locator_alt": "خريطة حول: {names}",
        "tiles_show": "اعرض خريطة الشوارع",
        "tiles_hide": "أخفِ خريطة الشوارع",
        "tiles_notice": "تأتي الشوارع من {host}، فيرى حينها عنوانك على الإنترنت "
        "والمنطقة التي تنظر إليها.",
        "gone": "هذا الرابط لا يفتح شيئًا",
        "gone_words": "ربما انتهى، أو ضاع جزء منه في الطريق. اطلب رابطًا جديدًا ممن أرسله.",
        "missing": "هذه الصورة ليست هنا",
        "missing_words": "أُزيلت من الألبوم، أو لا يصل إليها هذا الرابط.",
        "away": "لا يمكن الوصول إلى الألبوم الآن",
        "away_words": "الرابط سليم. حاول مرة أخرى بعد قليل.",
        "busy": "محاولات كثيرة في وقت واحد",
        "busy_words": "هناك من يجرّب كلمات مرور على هذا الرابط. ارجع وحاول مرة أخرى بعد لحظات.",
        "locked": "كلمة مرور تفتح هذا الألبوم",
        "locked_words": "يعرفها من أرسل إليك الرابط.",
        "password": "كلمة المرور",
        "open": "افتح",
        "wrong": "ليست هذه كلمة المرور. تحقّق من الأحرف وحاول مرة أخرى.",
    },
)
