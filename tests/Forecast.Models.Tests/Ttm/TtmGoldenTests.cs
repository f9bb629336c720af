using Forecast.Models.Tests.Weights;
using Forecast.Models.Verification;
using static TorchSharp.torch;

namespace Forecast.Models.Tests.Ttm;

/// <summary>Every branch of the network against the authors' code: forward results, losses and gradient norms.</summary>
public sealed class TtmGoldenTests
{
    public static TheoryData<string> Files => [.. GoldenFiles.All("ttm_*.safetensors").Where(f => !f.Contains("ttm_p_", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_result_is_met(string path)
    {
        using var file = GoldenFile.Open(path, null, CPU);
        var report = GoldenReport.Make(file, "ttm", new GoldenTolerance());
        report.Tensors.Where(t => !t.Within).Select(t => $"{t.Name}: {t.MaxRelative:G3} {t.Note}").ShouldBeEmpty();
        report.Tensors.Count.ShouldBeGreaterThan(100);
    }

    /// <summary>Results of the published 512-96 layout, where its weights are at hand.</summary>
    [Fact]
    public void Published_weights_give_the_authors_forecasts()
    {
        Assert.SkipWhen(PublishedWeights.Folder is null || GoldenFiles.Folder is null, "FORECAST_TTM_WEIGHTS and FORECAST_GOLDEN_DIR are not set");
        using var file = GoldenFile.Open(Path.Combine(GoldenFiles.Folder, "ttm_p_pretrained_512_96.safetensors"), PublishedWeights.Folder, CPU);
        GoldenReport.Make(file, "ttm", new GoldenTolerance()).Tensors.Where(t => !t.Within).ShouldBeEmpty();
    }
}
