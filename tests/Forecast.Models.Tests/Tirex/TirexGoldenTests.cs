using Forecast.Models.Tests.Training;
using Forecast.Models.Tests.Weights;
using Forecast.Models.Training;
using Forecast.Models.Verification;

namespace Forecast.Models.Tests.Tirex;

/// <summary>Networks, blocks and cells against the results of the authors' code.</summary>
public sealed class TirexGoldenTests
{
    public static TheoryData<string> Files => [.. GoldenFiles.All("tirex_*.safetensors").Concat(GoldenFiles.All("slstm_*.safetensors"))];

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_result_is_reproduced(string path) => Verify(path, null);

    [Fact]
    public void Weights_of_the_published_container_give_the_same() =>
        Verify(Repository.At("tests", "data", "golden", "tirex_b_two_heads.safetensors"), Repository.At("tests", "data", "golden", "tirex_b_two_heads.ckpt"));

    private static void Verify(string path, string? weights)
    {
        using var file = GoldenFile.Open(path, weights, TorchDevice.Open(TestDevice.Name));
        var report = GoldenReport.Make(file, "tirex", new GoldenTolerance());
        report.Tensors.Where(t => !t.Within).Select(t => $"{t.Name}: {t.MaxRelative} {t.Note}").ShouldBeEmpty();
        report.Tensors.Count.ShouldBeGreaterThan(30);
    }
}
