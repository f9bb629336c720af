using System.Diagnostics;
using System.Text.Json;
using Forecast.Models.Language;
using Forecast.Models.Smetimes;
using TorchSharp;
using static TorchSharp.torch;

namespace Forecast.SmetimesBenchmark;

/// <summary>
/// Times a backbone of the sizes of Llama 3.2 1B with random weights in bfloat16: tokens a second of the frozen forward, and a training
/// step of what stands around it (7 segments of 96, width 2048, 4 experts).
/// </summary>
internal static class Geometry
{
    private const string Config = """
        {"model_type": "llama", "hidden_size": 2048, "intermediate_size": 8192, "num_hidden_layers": 16, "num_attention_heads": 32, "num_key_value_heads": 8,
         "head_dim": 64, "vocab_size": 128256, "max_position_embeddings": 131072, "rms_norm_eps": 1e-5, "rope_theta": 500000, "tie_word_embeddings": true,
         "rope_scaling": {"rope_type": "llama3", "factor": 32, "low_freq_factor": 1, "high_freq_factor": 4, "original_max_position_embeddings": 8192}}
        """;

    private const int Repeats = 10;

    public static void Run(string device)
    {
        var place = torch.device(device);
        using var json = JsonDocument.Parse(Config);
        using var network = LanguageFiles.Make(json.RootElement, "the benchmark", ScalarType.BFloat16);
        network.to(place);
        network.eval();
        using (no_grad())
        {
            foreach (var parameter in network.parameters())
            {
                parameter.requires_grad = false;
                using var drawn = randn(parameter.shape, device: place) * 0.02;
                parameter.copy_(parameter.dim() > 1 ? drawn : ones_like(drawn));
            }
        }

        foreach (var (batch, length) in new[] { (1, 2048), (8, 2048), (256, 7), (64, 256) })
        {
            var seconds = Time(place, () =>
            {
                using var scope = NewDisposeScope();
                using var frozen = no_grad();
                network.Run(network.Embed(zeros([batch, length], ScalarType.Int64, place)));
            });
            Console.WriteLine($"frozen forward, batch {batch}, {length} tokens: {batch * length / seconds:F0} tokens/s ({1e3 * seconds:F2} ms)");
        }

        foreach (var batch in new[] { 64, 256 }) Step(network, place, batch);
    }

    private static void Step(LanguageModel network, Device place, int batch)
    {
        var config = new SmetimesConfig(EttProtocol.Segment, network.Width, 4, Prompts: true, 1, 256, 0, "tanh");
        using var trained = new SmetimesNetwork(config);
        trained.to(place);
        using var optimizer = optim.AdamW(trained.parameters(), 1e-3);
        using var window = randn([batch, EttProtocol.Lookback], device: place);
        using var prompts = randn([batch, EttProtocol.Lookback / EttProtocol.Segment, network.Width], device: place);
        var seconds = Time(place, () =>
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            var loss = (trained.Run(window, prompts, x => network.Run(x.to(ScalarType.BFloat16)).to(ScalarType.Float32)) - window).square().mean();
            loss.backward();
            optimizer.step();
        });
        Console.WriteLine($"training step, batch {batch}: {1e3 * seconds:F2} ms ({batch / seconds:F0} windows/s)");
    }

    /// <summary>Median seconds of a call, work on the device included, after two calls that are not counted.</summary>
    private static double Time(Device place, Action call)
    {
        for (var i = 0; i < 2; i++) call();
        Wait(place);
        var times = new double[Repeats];
        for (var i = 0; i < Repeats; i++)
        {
            var watch = Stopwatch.StartNew();
            call();
            Wait(place);
            times[i] = watch.Elapsed.TotalSeconds;
        }

        Array.Sort(times);
        return times[Repeats / 2];
    }

    private static void Wait(Device place)
    {
        if (place.type == DeviceType.CUDA) cuda.synchronize();
    }
}
