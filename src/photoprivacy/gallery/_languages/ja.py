"""Japanese."""

from __future__ import annotations

from photoprivacy.gallery._languages._language import Language


def _plural(_number: int) -> str:
    return "other"


LANGUAGE = Language(
    code="ja",
    plural=_plural,
    months=tuple(str(month) for month in range(1, 13)),
    date=("{y}年", "{m}月", "{d}日"),
    until=("\N{FULLWIDTH TILDE}", "\N{FULLWIDTH TILDE}"),
    thousands=",",
    comma="、",
    messages={
        "album": "共有アルバム",
        "skip": "写真へ移動",
        "photos": {"other": "写真{n}枚"},
        "places": {"other": "{n}か所"},
        "all_photos": "写真",
        "elsewhere": "その他の場所",
        "undated": "日付なし",
        "photo_from": "{told}の写真",
        "photo_number": "写真{n}",
        "more": {"other": "さらに{n}枚を表示"},
        "until_time": "{day} {time} UTC",
        "private": "非公開のアルバムです。アカウントも追跡も、第三者の提供物もありません。",
        "private_until": "非公開のアルバムです。{until}まで開けます。アカウントも追跡も、"
        "第三者の提供物もありません。",
        "clean": "ダウンロードは元の解像度です。撮影の場所、日時、撮影者はファイルに含まれません。",
        "empty": "まだ写真がありません",
        "empty_words": "このアルバムにはまだ何も追加されていません。"
        "同じリンクでまた見に来てください。",
        "places_title": "場所",
        "days_title": "日付",
        "trips_title": "旅行",
        "slideshow": "スライドショー",
        "filtered": {"other": "{name}: 写真{n}枚を表示中"},
        "show_all": "すべて表示",
        "download": "元の解像度でダウンロード",
        "download_photo": "写真{n}を元の解像度でダウンロード",
        "download_section": "{name}をダウンロード",
        "download_album": "アルバムをダウンロード",
        "viewer": "写真ビューア",
        "counter": "{n} / {total}",
        "announce": "{total}枚中{n}枚目。{alt}",
        "close_viewer": "閉じる (Esc)",
        "zoom": "拡大",
        "previous": "前の写真",
        "next": "次の写真",
        "photo_failed": "この写真を読み込めませんでした。",
        "play": "スライドショーを再生",
        "pause": "スライドショーを一時停止",
        "play_moving": "動く写真を再生",
        "map": "地図",
        "map_label": "場所の地図",
        "map_close": "地図を閉じる",
        "map_note": "ピンは町を示します。撮影した地点ではありません。",
        "map_loading": "地図を描いています…",
        "map_failed": "地図を読み込めませんでした。もう一度お試しください。",
        "zoom_in": "拡大",
        "zoom_out": "縮小",
        "locator": "撮影地",
        "locator_alt": "次の場所の周辺の地図: {names}",
        "tiles_show": "道路地図を表示",
        "tiles_hide": "道路地図を隠す",
        "tiles_notice": "道路地図は{host}から届きます。そのサーバーには、あなたの"
        "インターネットアドレスと見ている地域が伝わります。",
        "gone": "このリンクでは何も開けません",
        "gone_words": "期限が切れたか、リンクの一部が欠けている可能性があります。"
        "送ってくれた人に新しいリンクを頼んでください。",
        "outside": "受け取ったリンクを開いてください",
        "outside_words": "このアドレスは、"
        "そのリンクを開いたブラウザーで、Cookie が残っている間だけ使えます。",
        "packing": "アーカイブを作成しています",
        "packing_words": ""
        "{total} 件中 {done} 件の準備ができました。ダウンロードは自動的に始まります。",
        "missing": "この写真はここにありません",
        "missing_words": "アルバムから外されたか、このリンクでは見られません。",
        "away": "アルバムに今は接続できません",
        "away_words": "リンクは正しいものです。しばらくしてからもう一度お試しください。",
        "busy": "試行が集中しています",
        "busy_words": "このリンクに対してパスワードが試されています。"
        "前に戻り、少し待ってからもう一度お試しください。",
        "crowded": "アクセスが集中しています",
        "crowded_words": "多くの要求が届いています。少し待ってからもう一度お試しください。",
        "locked": "このアルバムはパスワードで開きます",
        "locked_words": "リンクを送ってくれた人が知っています。",
        "cookies": "このアルバムには Cookie が必要です",
        "cookies_words": "パスワードで開くアルバムです。入力したことは Cookie "
        "にだけ残ります。このアドレスの Cookie を許可してください。",
        "again": "もう一度試す",
        "password": "パスワード",
        "open": "開く",
        "wrong": "パスワードが違います。大文字と小文字を確かめて、もう一度お試しください。",
    },
)
