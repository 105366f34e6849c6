# Questions to the admins.

button-question = ❓ Ask the admins
button-ask-withdrawal = ↩️ Ask for its withdrawal
button-take = 🙋 I take it
button-reply = 💬 Reply
button-resolve = ✅ It is answered
button-show-question = Show all of it

ask-question-text = ❓ What would you like to know { $about }? Type it, and an admin will write back to you here.
ask-withdrawal-text = ↩️ Why should the refund on shift { $id } be withdrawn? Type a few words, and I will pass them on to the admins.
ask-reply-text = Type your message, and I will pass it on.
ask-resolve-reason = What came of it? Type a few words, or skip that.

question-about-shift = about shift { $id }
question-about-period = about the pay period from { $date }
question-about-anything = about your pay
question-asked = 📨 <b>The admins have your question.</b> I will write to you once one of them answers.
question-rate = ✅ <b>Good to know.</b> How well was your question answered?
question-closed = ✅ <b>Good to know.</b> The admins need not answer any more.
question-thanks = Thank you! { $stars }
question-title = ❓ <b>{ $name }</b> asks { $about }
question-event-requested = Asked by { $who }, { $at }
question-event-active = Taken by { $who }, { $at }
question-event-resolved = Answered, says { $who }, { $at }
question-reason = 💬 { $reason }
question-stars = Rated { $stars }
question-older = { $count ->
    [one] One older message is not shown.
   *[other] { $count } older messages are not shown.
}
question-message = <b>{ $who }</b>: { $text }
question-said = “{ $text }”

notice-question-asked = ❓ <b>{ $who }</b> asks { $about }:
notice-withdrawal-asked = ↩️ <b>{ $who }</b> asks for the refund on shift { $id } to be withdrawn:
notice-question-taken = 🙋 <b>{ $who }</b> looks after your question { $about } and will write to you.
notice-question-message = 💬 <b>{ $who }</b> writes { $about }:
notice-question-resolved = ✅ <b>{ $who }</b> says that your question { $about } is answered. How well?
notice-question-closed = ✅ <b>{ $who }</b> says that the question { $about } is answered.
notice-question-rated = { $stars } from <b>{ $who }</b> for your answer { $about }.
