using Forecast.Core;
using Forecast.Models.Verification;
using Forecast.Models.Weights;
using Forecast.Models.Weights.Safetensors;
using static TorchSharp.torch;

namespace Forecast.Models.Tests.Verification;

/// <summary>The comparison itself, on a file and a network made for it.</summary>
public sealed class GoldenReportTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"golden-{Guid.NewGuid():N}.safetensors");

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Differences_are_the_largest_absolute_and_relative_to_the_largest_value()
    {
        Write(("golden.input.x", Values(1, 2, 3)), ("golden.output.y", Values(2, -4, 6)));
        var only = Run(new Fake("y", Values(2.5f, -4, 6))).Tensors.ShouldHaveSingleItem();
        only.Name.ShouldBe("golden.output.y");
        only.MaxAbsolute.ShouldBe(0.5);
        only.MaxRelative.ShouldBe(0.5 / 6);
        only.Within.ShouldBeFalse();
    }

    [Fact]
    public void Inputs_reach_the_network_and_equal_results_pass()
    {
        Write(("golden.input.x", Values(1, 2, 3)), ("golden.output.y", Values(2, 4, 6)), ("golden.mid.z", Values(1, 2, 3)));
        var report = Run(new Doubler());
        report.Passed.ShouldBeTrue();
        report.Tensors.Select(t => t.Name).ShouldBe(["golden.output.y", "golden.mid.z"], ignoreOrder: true);
        report.Tensors.ShouldAllBe(t => t.MaxAbsolute == 0);
    }

    [Fact]
    public void A_result_that_nobody_gives_fails()
    {
        Write(("golden.output.y", Values(1)), ("golden.mid.z", Values(1)));
        var report = Run(new Fake("y", Values(1)));
        report.Passed.ShouldBeFalse();
        report.Tensors.Single(t => !t.Within).Note.ShouldBe("the network does not give it");
    }

    [Fact]
    public void Another_shape_fails()
    {
        Write(("golden.output.y", Values(1, 2)));
        Run(new Fake("y", Values(1, 2).reshape(1, 2))).Tensors[0].Note.ShouldBe("the network gives the shape [1, 2]");
    }

    [Theory]
    [InlineData(new[] { 1, float.NaN, 3 }, new[] { 1, float.NaN, 3 }, true)]
    [InlineData(new[] { 1, float.NaN, 3 }, new[] { 1, 2, float.NaN }, false)]
    [InlineData(new[] { 1f, 2, 3 }, new[] { 1, float.NaN, 3 }, false)]
    [InlineData(new[] { 1, float.NegativeInfinity }, new[] { 1, float.NegativeInfinity }, true)]
    [InlineData(new[] { 1, float.NegativeInfinity }, new[] { 1.5f, float.NegativeInfinity }, false)]
    [InlineData(new[] { 1f, 2 }, new[] { 1, float.PositiveInfinity }, false)]
    [InlineData(new[] { 0f, 0 }, new[] { 0, 1e-9f }, false)]
    public void What_is_not_finite_must_stand_in_the_same_places(float[] expected, float[] given, bool within)
    {
        Write(("golden.output.y", Values(expected)));
        Run(new Fake("y", Values(given))).Passed.ShouldBe(within);
    }

    [Theory]
    [InlineData("a.loss", 2e-5f, false)]
    [InlineData("train.gradnorm.w", 2e-5f, true)]
    [InlineData("train.gradnorm.w", 2e-4f, false)]
    [InlineData("bf16.block", 1e-2f, true)]
    public void Each_kind_has_its_tolerance(string name, float difference, bool within)
    {
        Write(("golden.output." + name, Values(1)));
        Run(new Fake(name, Values(1 + difference))).Passed.ShouldBe(within);
    }

    [Theory]
    [InlineData(9e-7f, true)]
    [InlineData(2e-6f, false)]
    public void A_gradient_that_is_nearly_none_counts_absolutely(float given, bool within)
    {
        Write(("golden.output.train.gradnorm.w", Values(1e-8f)));
        Run(new Fake("train.gradnorm.w", Values(given))).Passed.ShouldBe(within);
    }

    [Fact]
    public void Whole_numbers_must_be_equal()
    {
        Write(("golden.output.ids", tensor(new long[] { 1_000_000, 2 })));
        Run(new Fake("ids", tensor(new long[] { 1_000_001, 2 }))).Passed.ShouldBeFalse();
    }

    [Fact]
    public void A_file_without_results_is_refused()
    {
        Write(("golden.input.x", Values(1)));
        Should.Throw<ForecastException>(() => GoldenFile.Open(_path, null, CPU)).Code.ShouldBe("golden-missing");
    }

    [Fact]
    public void A_family_finds_its_network_and_no_other()
    {
        foreach (var verifier in GoldenVerifiers.All)
        {
            foreach (var family in verifier.Families) GoldenVerifiers.Find(verifier.Model, family).ShouldBeSameAs(verifier);
            Should.Throw<ForecastException>(() => GoldenVerifiers.Find(verifier.Model, "unheard of")).Code.ShouldBe("verifier-family");
        }

        Should.Throw<ForecastException>(() => GoldenVerifiers.Find("nonesuch", null)).Code.ShouldBe("verifier-unknown");
        Should.Throw<ForecastException>(() => GoldenVerifiers.Find(null, "unheard of")).Code.ShouldBe("verifier-unknown");
    }

    [Fact]
    public void A_family_of_many_networks_is_told_apart_by_the_kind()
    {
        foreach (var (own, network) in new[] { ("xlstm_large", "xlstm"), ("llama", "lm"), ("gpt2", "lm"), ("smetimes_llama", "smetimes"), ("smetimes_gpt2", "smetimes") })
            GoldenVerifiers.Find(null, "hf", own).Model.ShouldBe(network);
        GoldenVerifiers.Find("xlstm", "hf", "xlstm_large").Model.ShouldBe("xlstm");
        foreach (var kind in new[] { "gpt_neox", null })
            Should.Throw<ForecastException>(() => GoldenVerifiers.Find(null, "hf", kind)).Code.ShouldBe("verifier-unknown");
        Should.Throw<ForecastException>(() => GoldenVerifiers.Find("xlstm", "hf", "gpt_neox")).Code.ShouldBe("verifier-family");
    }

    private static Tensor Values(params float[] values) => tensor(values);

    private void Write(params (string Name, Tensor Value)[] tensors)
    {
        using var stream = File.Create(_path);
        SafetensorsWriter.Write(stream, [.. tensors.Select(t => t.Value.ToSource(t.Name))], new Dictionary<string, string>(StringComparer.Ordinal) { ["family"] = "fake", ["config"] = "{\"a\": 1}" });
    }

    private GoldenReport Run(IGoldenVerifier verifier)
    {
        using var file = GoldenFile.Open(_path, null, CPU);
        file.Config.GetProperty("a").GetInt32().ShouldBe(1);
        return GoldenReport.Make(file, verifier, new GoldenTolerance());
    }

    private sealed class Fake(string name, Tensor value) : IGoldenVerifier
    {
        public string Model => "fake";

        public IReadOnlyList<string> Families => ["fake"];

        public void Run(GoldenFile file, GoldenResults results) => results.Output(name, value);
    }

    private sealed class Doubler : IGoldenVerifier
    {
        public string Model => "fake";

        public IReadOnlyList<string> Families => ["fake"];

        public void Run(GoldenFile file, GoldenResults results)
        {
            results.Output("y", file.Input("x") * 2);
            results.Mid("z", file.Input("x"));
        }
    }
}
