# What people read. One message a sentence; nothing is glued together in code.

## Dates
date-about = about { $date }
date-uncertain = { $date } (uncertain)
date-about-uncertain = about { $date } (uncertain)
date-bce = { $date } BCE
date-decade = the { $year }s
date-century = the { $year }s
date-interval = { $start } to { $end }
date-since = since { $start }
date-until = until { $end }
date-unknown = date unknown

## Categories
category-political = Political
category-global-trade = Global Trade
category-war-conflict = War & Conflict
category-science-technology = Science & Technology
category-culture-arts = Culture & Arts
category-society = Society
category-exploration = Exploration
category-sport = Sport
category-disaster = Disaster
category-environment = Environment
category-religion = Religion
category-economy = Economy

## One moment
moment-top = ⭐ Top Moment
moment-minutes = { $minutes } min read
moment-editor = Updated by { $editor }
moment-editor-published = Updated by { $editor } on { $date }
moment-sources = Sources: { $links }
moment-page = Page { $page } of { $pages }
moment-explore = Explore the moments of { $country }
moment-same-day = Same day in history
moment-another = Another moment
moment-surprise = Surprise me
moment-related = More like this
moment-more = By hashtag, category or country …
moment-back-to = Back to the moment
moment-more-hashtag = #{ $hashtag }
moment-more-category = Category: { $category }
moment-more-country = Moments of { $country }
moment-back = Back to the list
moment-of-the-day = Moment of the day · { $date }
country-today = { $country } (today { $today })

## Lists
list-search = Search: { $text }
list-country = Moments of { $country }
list-hashtag = #{ $hashtag }
list-category = { $category }
list-day = On { $day } in history
list-all = All moments
list-total = { $total ->
    [one] 1 moment
   *[other] { $total } moments
}
list-total-more = { $total }+ moments
list-filters = { $count } · only { $filters }
list-meant = Nothing has { $typed }. These are for { $meant }.
list-did-you-mean = Did you mean one of these?
list-related = Moments like { $title }
list-related-why = They share hashtags, words, countries or time with it.
list-page = { $page } / { $pages }
list-previous = Previous
list-next = Next
list-read = Read
filter-hashtag = #{ $hashtag }
filter-since = since { $date }
filter-until = until { $date }

nothing-search = Nothing found for { $text }. Try fewer or other words, or look around with /country or /random.
nothing-search-filters = Nothing found for { $text } (only { $filters }). Try it without the filters, or with fewer words.
nothing-search-suggestions = Nothing found for { $text }. Did you mean one of these?
nothing-filters = No moment fits { $filters } yet. Try fewer filters, or /random for a surprise.
nothing-country = There are no moments of { $country } yet. Try a neighbour, or /random for a surprise.
nothing-day = No moment on { $day } yet. Try another day, or /random for a surprise.

## Look-ups
unknown-moment = I don't know a moment called { $name }. Start to type and choose from what is offered, or try /search.
unknown-moment-choices = I'm not sure which moment { $name } is. Did you mean one of these?
unknown-country = I don't know a country called { $name }. Try its name in any language, its code (MN) or its flag.
unknown-country-choices = I'm not sure which country { $name } is. Did you mean one of these?
unknown-hashtag = No moment has the hashtag { $name }. Try /search with the same word.
unknown-hashtag-choices = No moment has the hashtag { $name }. Did you mean one of these?
unknown-category = There is no category called { $name }. Choose one of those offered.
unknown-date = I can't read { $text } as a date. Write it like 1945, 1945-05 or 8 May 1945.
unknown-day = I can't read { $text } as a day. Write it like 27 January or 01-27.
nothing-related = No other moment shares anything with { $title } yet. Try /random for a surprise.
gone-moment = This moment is no longer in the catalogue. Try /search to find others.

choice-moment = { $title } · { $date }
choice-count = { $name } ({ $moments })

## The daily moment
daily-every-day = Every day at { $time } ({ $zone }) in { $channel }.
daily-every-day-filters = Every day at { $time } ({ $zone }) in { $channel }, only { $filters }.
daily-next = Next: { $at } ({ $relative }).
daily-set-title = The moment of the day is set
daily-status-title = The moment of the day
daily-none = This server has no daily moment yet. Set one with /daily set.
daily-off-now = The daily moment is off. Turn it on again with /daily set; what was shown is remembered.
daily-already-off = The daily moment is already off. Turn it on with /daily set.
daily-is-off = It is off. Turn it on again with /daily set.
daily-paused = It is paused: { $reason } Mend that and run /daily set again.
daily-last = Last posts
daily-post-sent = { $date }: { $title }
daily-post-skipped = { $date }: skipped, { $reason }
daily-post-failed = { $date }: failed, { $reason }
daily-post-unknown = { $date }: it is not known whether the post arrived
daily-post-claimed = { $date }: under way
daily-preview-title = This is what the next post looks like. Only you see it, and nothing is used up.
daily-nothing-fits = No moment fits this server's filters, so nothing will be posted. Change them with /daily set.
daily-button-preview = Preview
daily-button-off = Turn off
daily-warning-few = { $total ->
    [one] Only 1 moment fits
   *[other] Only { $total } moments fit
}, so it will come again often. Fewer filters give more variety.
unknown-time = I can't read { $text } as a time. Write it like 9, 9:00, 9pm or 21.30.
unknown-zone = I don't know the time zone { $text }. Start to type a city and choose from what is offered.
zone-choice = { $zone } (now { $time })
missing-permissions = I can't post in { $channel }: I need { $permissions } there. Grant that to my role in the channel's settings and run the command again.
missing-channel = I can't see { $channel }. Give my role View Channel and Send Messages there and run the command again.
permission-view-channel = View Channel
permission-send-messages = Send Messages
need-manage-server = Only members with Manage Server can do that.
only-in-server = That works only in a server.

reason-down = the bot was not running at that time
reason-no_moments = no moment fitted the filters
reason-forbidden = I was not allowed to post there.
reason-not_found = the channel no longer exists.
reason-other = Discord refused the post.
list-and = { $first } and { $last }

## About and help
about-title = Moments
about-text = I find, show and post moments in history: { $moments } of them, from { $countries } countries, with { $hashtags } hashtags.
about-version = Version { $version } · catalogue of { $built }
about-source = Open source: the program under the MIT licence, the texts under CC BY 4.0.
about-privacy = Privacy: I keep the settings of /daily (ids of the server, the channel and who set it, and what was posted). I read no messages and keep nothing about what you look up.
about-source-button = Source
help-title = What you can do
help-line = **/{ $command }** · { $description }
help-tip = Names needn't be exact: start to type and choose. Add private to any command to see the answer alone.
help-daily = For admins (Manage Server):

## When something breaks
error-unexpected = Something went wrong on my side. Try again in a moment; if it stays, tell the bot's operator the code { $code }.
error-slow = That took too long. Try again, with fewer words or filters.
