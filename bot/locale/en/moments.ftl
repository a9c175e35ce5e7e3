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
daily-default-name = Moment of the day
daily-numbered-name = Moment of the day { $number }
daily-clock = { $time } in { $place }
daily-clock-utc = { $time } UTC
daily-every-day = Every day at { $clock }, in { $channel }.
daily-weekdays = { $days } at { $clock }, in { $channel }.
daily-days-all = Every day
daily-about = Only about: { $filters }.
daily-only-top = Top Moments
daily-publishes = Each post is published to the followers of the channel.
daily-opens-thread = Each post gets a thread.
daily-pings = Each post pings { $role }.
daily-next = Next: { $at } ({ $relative }).
daily-saved-title = { $name }: all set
daily-status-title = The daily moments of this server
daily-more-schedules = … and { $total } more: choose below.
daily-choose = Choose a daily moment
daily-choose-day = Choose a day to change it
daily-none = This server has no daily moment yet. Set one with /daily add.
daily-which = This server has several daily moments: { $names }. Say which one you mean.
daily-unknown-schedule = I don't know which daily moment { $text } is. There are: { $names }.
daily-schedule-gone = That daily moment no longer exists. See /daily status.
daily-too-many = This server has { $most } daily moments, which is as many as there can be. Remove one with /daily remove first.
daily-removed = **{ $name }** is removed. What it has shown is remembered, should you want it back.
daily-is-removed = It is removed.
daily-paused = It is paused: { $reason }. Mend that and resume it.
daily-paused-by-admin = It is paused. Resume it whenever you like.
daily-last = Last posts
daily-history-title = { $name }: the last posts
daily-history-empty = Nothing has been posted yet.
daily-post-sent = { $date }: { $title }
daily-post-skipped = { $date }: skipped, { $reason }
daily-post-failed = { $date }: failed, { $reason }
daily-post-unknown = { $date }: it is not known whether { $title } arrived; it was not sent again, so as not to come twice
daily-post-claimed = { $date }: { $title } is under way
daily-extra-publish-waiting = not published yet
daily-extra-publish-failed = could not be published
daily-extra-thread-waiting = no thread yet
daily-extra-thread-failed = no thread could be opened
daily-extra-tags-waiting = no tags yet
daily-extra-tags-failed = tags could not be set
daily-preview-title = This is what { $date } will show. Only you see it, and nothing is used up.
daily-preview-skipped = The next date, { $date }, is skipped. See /daily queue.
daily-nothing-fits = No moment fits these filters, so nothing will be posted. Change them with /daily edit.
daily-warning-few = { $total ->
    [one] Only 1 moment fits
   *[other] Only { $total } moments fit
}, so it will come again often. Fewer filters give more variety.
daily-warning-left = { $total ->
    [one] Only 1 moment is left
   *[other] Only { $total } moments are left
} before they begin to come again. Fewer filters give more variety.
daily-queue-title = { $name }: the next posts
daily-day = { $title }
daily-day-skipped = Skipped: nothing is posted on this day.
daily-day-nothing = No moment fits.
daily-day-title = { $name }: { $date }
daily-day-gone = { $date } is not among the dates to come. See /daily queue.
daily-not-ahead = { $text } is not one of the next dates. They are from { $first } to { $last }.
daily-no-other = No other moment fits these filters.
daily-not-now = Today already has its post, or no moment fits. See /daily history.
daily-pin-which = Several moments fit { $text }: { $titles }. Type more of the one you mean.
daily-pin-unknown = I don't know a moment called { $text }. Start to type its title and choose from what is offered.
daily-check-title = { $name }: permissions
daily-check-fine = All is well: I can post in { $channel }.
daily-check-grant = Grant { $permissions } to my role: open the settings of { $channel }, choose Permissions, add my role and tick it. Then check again.
daily-check-no-channel = I can't see { $channel }, or it no longer exists. Grant my role View Channel in its settings, or choose another channel with /daily edit.
daily-ask-ping = Each post would ping { $role }. Is that what you want? Until you say so it pings nobody.
daily-ask-ping-members = Each post would ping { $role }, { $members ->
    [one] 1 member
   *[other] { $members } members
}. Is that what you want? Until you say so it pings nobody.
daily-told-paused = **{ $name }** in { $server } is paused: { $reason } ({ $channel }). Nothing is lost: mend that, and resume it with /daily status.
daily-button-queue = Queue
daily-button-preview = Preview
daily-button-check = Check
daily-button-again = Check again
daily-button-history = History
daily-button-edit = Edit
daily-button-now = Post now
daily-button-pause = Pause
daily-button-resume = Resume
daily-button-remove = Remove
daily-button-undo = Bring it back
daily-button-status = Back to status
daily-button-skip = Skip
daily-button-swap = Another moment
daily-button-pin = Choose a moment
daily-button-clear = As it comes
daily-button-ping = Yes, ping each time
form-edit-title = Change the daily moment
form-name = Name
form-name-help = How you call it
form-time = Time
form-time-help = 9, 9:00, 9pm or 21.30
form-zone = Time zone
form-zone-help = A city, or a zone like Asia/Ulaanbaatar
form-pin-title = The moment of { $date }
form-moment = Moment
form-moment-help = A title, a name like mongolia-us-relations, or a few words
unknown-time = I can't read { $text } as a time. Write it like 9, 9:00, 9pm or 21.30.
unknown-weekdays = I can't read { $text } as weekdays. Write them like mon-fri, sat and sun, or every day.
unclear-zone = { $text } has several time zones, such as { $zones }. Start to type a city and choose from what is offered.
unknown-zone = I don't know the time zone { $text }. Start to type a city and choose from what is offered.
zone-choice = { $zone } (now { $time })
missing-permissions = I can't post in { $channel }: I need { $permissions } there. Grant that to my role in the channel's settings and run the command again.
missing-channel = I can't see { $channel }. Give my role View Channel and Send Messages there and run the command again.
permission-view-channel = View Channel
permission-send-messages = Send Messages
permission-read-message-history = Read Message History
permission-create-public-threads = Create Public Threads
permission-mention-everyone = Mention Everyone
why-view-channel = to see the channel
why-send-messages = to post
why-read-message-history = to find a post again after a broken connection, so that none comes twice
why-create-public-threads = to open a thread under each post
why-mention-everyone = to ping the role
need-manage-server = Only members with Manage Server can do that.
only-in-server = That works only in a server.

reason-down = the bot was not running at that time
reason-fault = something went wrong here; the operator's log has it
reason-no_moments = no moment fitted the filters
reason-forbidden = I am not allowed to post there
reason-not_found = the channel no longer exists
reason-by_admin = an admin skipped it
reason-changed = it was stopped or moved meanwhile
reason-unreachable = Discord could not be reached
reason-other = Discord refused the post
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
