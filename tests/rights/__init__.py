"""Every role × action × owner × chat type × origin, worked out from the bot's own routers."""
