# -*- "gpt-4o" -*-
MODEL = "gpt-4o"

"""gpt-4
'claude-2.1'
"""
x = ["🦀", "claude-opus-4-6", "𝔘𝔫𝔦", 'gemini-2.5-pro']
	model_name	=	"claude-2.1"	# "gpt-4"
y = "é gpt-4o"