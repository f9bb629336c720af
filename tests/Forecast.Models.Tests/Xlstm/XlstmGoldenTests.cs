using Forecast.Models.Tests.Training;
using Forecast.Models.Tests.Weights;
using Forecast.Models.Training;
using Forecast.Models.Verification;

namespace Forecast.Models.Tests.Xlstm;

/// <summary>Blocks, language models and the forms of the recurrence against the results of the authors' code.</summary>
public sealed class XlstmGoldenTests
{
    public static TheoryData<string> Files => [.. GoldenFiles.All("xlstm_*.safetensors")];

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_result_is_reproduced(string path)
    {
        using var file = GoldenFile.Open(path, null, TorchDevice.Open(TestDevice.Name));
        var report = GoldenReport.Make(file, "xlstm", new GoldenTolerance());
        report.Tensors.Where(t => !t.Within).Select(t => $"{t.Name}: {t.MaxRelative} {t.Note}").ShouldBeEmpty();
        report.Tensors.Count.ShouldBeGreaterThan(7);
    }
}
