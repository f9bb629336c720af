using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Forecast.TirexBenchmark;

/// <summary>What the command line says.</summary>
internal sealed class Settings(string[] args)
{
    public string Device { get; } = Option(args, "--device", "cpu");

    public string Precision { get; } = Option(args, "--precision", "float32");

    public int Threads { get; } = int.Parse(Option(args, "--threads", Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture)), CultureInfo.InvariantCulture);

    /// <summary>Seconds that a case is repeated for.</summary>
    public double Least { get; } = double.Parse(Option(args, "--least", "1"), CultureInfo.InvariantCulture);

    /// <summary>The peer's; null = no peer.</summary>
    public string? Python { get; } = Option(args, "--python", "") is { Length: > 0 } path ? path : null;

    public int[] Contexts { get; } = Numbers(Option(args, "--context", "512,2048"));

    public int[] Horizons { get; } = Numbers(Option(args, "--horizon", "32,128"));

    public int[] Batches { get; } = Numbers(Option(args, "--batch", "1,16,256"));

    private static string Option(string[] args, string name, string otherwise)
    {
        var at = Array.IndexOf(args, name);
        return at >= 0 && at + 1 < args.Length ? args[at + 1] : otherwise;
    }

    private static int[] Numbers(string text) => [.. text.Split(',').Select(n => int.Parse(n, CultureInfo.InvariantCulture))];
}

/// <summary>One figure.</summary>
internal sealed record Row(string Who, string Case, double Value, double Seconds, string Unit = "", int? Threads = null)
{
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web) { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };
}
