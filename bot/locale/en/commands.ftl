# What Discord shows in its command picker. Names: command-<path>, option-<option> (the same word means the same
# everywhere). Discord allows 100 characters.

command-moment = Show a moment in history by its name
command-search = Search all moments
command-country = The moments of a country
command-hashtag = The moments with a hashtag
command-today = What happened on this day in history
command-random = A moment you did not expect
command-daily = The moment of the day for this server
command-daily-set = Post a moment every day in a channel
command-daily-status = When and where the next moment is posted
command-daily-preview = See the next daily moment, only you
command-daily-off = Stop the daily moment
command-about = What this bot is and what it knows of you
command-help = What you can do with this bot

option-moment-name = A title, a name like mongolia-us-relations, or a few words
option-country-name = A country in any language, its code or its flag
option-hashtag-name = A hashtag, with or without #
option-text = Words to look for; "a phrase", -without and begin* work too
option-country = Only moments of this country
option-category = Only moments of this category
option-hashtag = Only moments with this hashtag
option-since = From this date on: 1945, 1945-05 or 8 May 1945
option-until = Up to this date: 1990, 1990-10 or 3 October 1990
option-date = A day like 27 January or 01-27; today if you leave it out
option-channel = Where to post
option-time = When to post: 9, 9:00, 9pm or 21.30
option-zone = Whose clock: a city or a zone like Asia/Ulaanbaatar
option-private = Show the answer only to you
