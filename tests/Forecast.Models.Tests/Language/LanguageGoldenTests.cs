using Forecast.Models.Tests.Training;
using Forecast.Models.Tests.Weights;
using Forecast.Models.Training;
using Forecast.Models.Verification;

namespace Forecast.Models.Tests.Language;

/// <summary>Language models and what stands around them, against the results of their published code.</summary>
public sealed class LanguageGoldenTests
{
    public static TheoryData<string> LanguageModels => [.. GoldenFiles.All("lm_*.safetensors")];

    public static TheoryData<string> Made => [.. Directory.GetFiles(Repository.At("tests", "data", "language"), "lm_*.safetensors").Order(StringComparer.Ordinal)];

    public static TheoryData<string> Smetimes => [.. GoldenFiles.All("smetimes_*.safetensors")];

    [Theory]
    [MemberData(nameof(LanguageModels))]
    public void Logits_hidden_states_caches_padding_gradients_and_texts_are_reproduced(string path) =>
        Reproduced(path, "lm", path.Contains("stories260K", StringComparison.Ordinal) ? Repository.At("models", "stories260K") : null, 17);

    [Theory]
    [MemberData(nameof(Made))]
    public void Other_families_and_stretched_positions_are_reproduced(string path) => Reproduced(path, "lm", null, 3);

    [Theory]
    [MemberData(nameof(Smetimes))]
    public void Forecasts_prompts_and_gradients_are_reproduced(string path) => Reproduced(path, "smetimes", null, 21);

    private static void Reproduced(string path, string model, string? weights, int least)
    {
        using var file = GoldenFile.Open(path, weights, TorchDevice.Open(TestDevice.Name));
        var report = GoldenReport.Make(file, model, new GoldenTolerance());
        report.Tensors.Where(t => !t.Within).Select(t => $"{t.Name}: {t.MaxRelative} {t.Note}").ShouldBeEmpty();
        report.Tensors.Count.ShouldBeGreaterThanOrEqualTo(least);
    }
}
