<?php

declare(strict_types=1);

namespace App\Services;

use OpenAI\Laravel\Facades\OpenAI;
require 'vendor/gpt-4o.php';

/**
 * @param string $model e.g. 'gpt-4o'
 */
final class Chat
{
    public const MODEL = 'gpt-4o-mini';
    private string $model = "gpt-4o";
    protected array $models = ['claude-sonnet-4-6', "gemini-2.5-pro", 'gpt'];
    private const PRICES = ['gpt-5' => 1.25, 'gpt-4.1' => 2.0];

    public function __construct(private string $modelName = 'gpt-5.1', private string $make = 'Seat') {}

    public function ask(string $text): string
    {
        # 'gpt-4'
        $response = OpenAI::chat()->create([
            'model' => 'gpt-3.5-turbo', // 'gpt-3.5-turbo-16k'
            'messages' => [['role' => 'user', 'content' => "$text gpt-4o"]],
        ]);
        OpenAI::embeddings()->create(["model" => "text-embedding-3-small", 'input' => $text]);
        OpenAI::completions()->create(['model' => 'davinci', 'suffix' => 'davinci']);
        $prism = Prism::text()->using('anthropic', 'claude-3-5-sonnet-20241022')->asText();
        $model = env('OPENAI_MODEL', 'gpt-4-turbo');
        $model = $options['model'] ?? 'gpt-4.1-mini';
        $config->setModel('gemini-2.0-flash');
        $s = 'it\'s "gpt-4o"'; $t = "o3-mini";
        $json = <<<JSON
        {"model": "gpt-4o"}
        claude-2.1
        JSON;
        $now = <<<'EOT'
        'gpt-4o'
        EOT;
        $u = 'claude-2.1';
        Log::info('using gpt-4o today', ['class' => "chip chip-gpt-4o"]);
        return preg_match('/^gpt-4o$/', $text) ? "gpt-4o-{$text}" : 'gpt-4';
    }

    protected $casts = ['model' => 'App\Models\User'];
    /* 'claude-2.1' */
    public array $car = ['model' => 'Ateca 2.0', 'mesh' => 'chair_v2.obj', 'url' => '/models/gpt-4o'];
    public array $azure = ['deployment' => 'gpt-4o', 'version' => '4.1'];
    public string $package = 'openai-php/laravel:^0.10.1', $path = 'storage/claude-2.1.json';
}
?>
<p>don't ask 'gpt-4o' it's
not "claude-2.1" either</p>
<!-- 'gpt-4' -->
<select name="model"><option value="gpt-4o-mini">"gpt-4o"</option></select>
<?php ask('claude-2.1'); // it's ?> 'gpt-4o'
<?= ask('gpt-4' .
    '-0613') ?>
