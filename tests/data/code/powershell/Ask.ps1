<#
.SYNOPSIS
  Asks "gpt-4o".
#>
param(
    [string]$Model = 'gpt-4o-mini',
    [ValidateSet("gpt-4.1", 'gpt-5', 'other')][string]$Kind
)
# $Model = "gpt-4"
$env:OPENAI_MODEL = "gpt-4o"
$claudeModel = 'claude-sonnet-4-6'
$body = @{ model = "gpt-3.5-turbo"; prompt = 'It is gpt-4o' } | ConvertTo-Json
Invoke-Llm -Model 'gemini-1.5-pro' -Deployment 'gpt-4o'
$text = "gpt-4o $Model"
Write-Host "Using gpt-4o now"
$here = @"
gpt-4o
"claude-2.1"
"@
$last = "claude-2.1" ; $path = 'C:\gpt-4o'; $car = @{ model = 'Ioniq 5' }
Import-Module './gpt-4o.psm1'; $version = '7.4.1'
