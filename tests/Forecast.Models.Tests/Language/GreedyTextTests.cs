using Forecast.Models.Language;
using Forecast.Models.Language.Tokens;
using Forecast.Models.Tests.Training;
using Forecast.Models.Training;
using static TorchSharp.torch;

namespace Forecast.Models.Tests.Language;

/// <summary>The small Llama continues texts: with kept keys and values or without, alone or in a batch of unequal lengths, always the same.</summary>
public sealed class GreedyTextTests : IDisposable
{
    private static readonly string Folder = Repository.At("models", "stories260K");
    private static readonly string[] Texts = ["Once upon a time", "The", "Lily saw a big red ball and", "Tom"];

    private readonly LanguageModel _network = LanguageFiles.Open(Folder, ScalarType.Float32, TorchDevice.Open(TestDevice.Name));
    private readonly ITokenizer _tokenizer = Llama2cTokenizer.Open(Path.Combine(Folder, "tok512.bin"));

    public void Dispose() => _network.Dispose();

    [Fact]
    public void Kept_keys_and_values_change_nothing()
    {
        var prompts = Texts.Select(t => (IReadOnlyList<long>)_tokenizer.Encode(t)).ToList();
        foreach (var prompt in prompts) GreedyText.Continue(_network, [prompt], 40, cached: true)[0].ShouldBe(GreedyText.Continue(_network, [prompt], 40, cached: false)[0]);
    }

    [Fact]
    public void A_batch_of_four_changes_nothing()
    {
        var prompts = Texts.Select(t => (IReadOnlyList<long>)_tokenizer.Encode(t)).ToList();
        var together = GreedyText.Continue(_network, prompts, 40, cached: true);
        for (var i = 0; i < prompts.Count; i++) together[i].ShouldBe(GreedyText.Continue(_network, [prompts[i]], 40, cached: true)[0]);
    }

    [Fact]
    public void The_context_has_an_end()
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        Should.Throw<Forecast.Core.ForecastException>(() => _network.Run(_network.Embed(ones(1, 513, dtype: ScalarType.Int64)))).Code.ShouldBe("context-too-long");
    }
}
