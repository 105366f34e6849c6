"""The Telegram bot: what people see and tap. It decides nothing about pay."""
