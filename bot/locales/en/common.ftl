# What answers everything that nothing else answers.

question-over = ▫️ This question is over.
fallback-text = I did not expect a text here. Pick something below.
fallback-command = I do not know /{ $name }. /help lists what I know.
overtaken = ⚠️ This has changed since it was shown to you. <b>Nothing was done.</b> Here is how it is now:
toast-overtaken = It has changed since. Nothing was done.
fallback-button = That button is from an older message.
fallback-forwarded = I only read what you write yourself, not what is forwarded.
fallback-no-text = I can only read text. Pick something below, or type it.
fallback-rich = That came with formatting that I cannot read, sorry. Please type it here as plain text.
fallback-not-private = That works only in your own chat with me.
fallback-edited = I do not see changes to messages you have sent. Please send it again as a new message.

screen-without-buttons = There are more buttons here than Telegram can show, so they are left out. /start leads on.
screen-cut = … some lines in between are not shown here …
