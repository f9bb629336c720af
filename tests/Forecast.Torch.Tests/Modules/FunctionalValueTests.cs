using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using F = TorchSharp.torch.nn.functional;

namespace Forecast.Torch.Tests.Modules;

/// <summary>Losses, attention, padding and the other functionals: values and gradients are PyTorch's.</summary>
public class FunctionalValueTests
{
    private static readonly Dictionary<string, Func<Tensor[], Tensor>> Calls = Losses()
        .Append(new("smooth_l1_zero", x => F.smooth_l1_loss(x[0], x[1], beta: 0)))
        .Append(new("gaussian_homoscedastic", x => F.gaussian_nll_loss(x[0], x[1], x[2])))
        .Append(new("gaussian_per_row", x => F.gaussian_nll_loss(x[0], x[1], x[2])))
        .Append(new("cross_entropy_probabilities", x => F.cross_entropy(x[0], Extra("classes", 3))))
        .Append(new("cross_entropy_ignore", x => F.cross_entropy(x[0], Clamped(), ignore_index: 3)))
        .Append(new("attention", x => F.scaled_dot_product_attention(x[0], x[1], x[2])))
        .Append(new("attention_mask", x => F.scaled_dot_product_attention(x[0], x[1], x[2], Extra("classes", 4))))
        .Append(new("attention_added", x => F.scaled_dot_product_attention(x[0], x[1], x[2], Extra("added", 0))))
        .Append(new("attention_causal", x => F.scaled_dot_product_attention(x[0], x[1], x[2], is_casual: true)))
        .Append(new("pad", x => F.pad(x[0], (1, 2), value: 0.5)))
        .Append(new("pad_two", x => F.pad(x[0], (1, -1, 2, 0))))
        .Append(new("pad_reflect", x => F.pad(x[0], (2, 3), PaddingModes.Reflect)))
        .Append(new("pad_replicate", x => F.pad(x[0], [2, 3], PaddingModes.Replicate)))
        .Append(new("pad_circular", x => F.pad(x[0], (2, 3), PaddingModes.Circular)))
        .Append(new("normalize", x => F.normalize(x[0])))
        .Append(new("normalize_3", x => F.normalize(x[0], 3.0, -1, 1.5)))
        .Append(new("softmax", x => F.softmax(x[0], -1)))
        .Append(new("log_softmax", x => F.log_softmax(x[0], 1)))
        .ToDictionary();

    public static TheoryData<string> Cases => [.. Calls.Keys];

    [Fact]
    public void Every_stored_case_is_tried() => Calls.Keys.Concat(["classes", "added", "one_hot"]).ShouldBe(NnValues.Names("functionals"), ignoreOrder: true);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Value_and_gradients(string name)
    {
        using var scope = NewDisposeScope();
        NnValues.Run(NnValues.Case("functionals", name), x => [Calls[name](x)], ScalarType.Float64, TestDevice.IsCuda ? 1e-9 : 1e-11, name);
    }

    [Theory]
    [InlineData("attention")]
    [InlineData("attention_mask")]
    [InlineData("attention_added")]
    [InlineData("attention_causal")]
    public void Attention_out_of_plain_operators(string name)
    {
        using var scope = NewDisposeScope();
        var mask = name switch { "attention_mask" => Extra("classes", 4), "attention_added" => Extra("added", 0), _ => null };
        NnValues.Run(NnValues.Case("functionals", name), x => [Composed.EagerAttention(x[0], x[1], x[2], mask, 0, name == "attention_causal", null)], ScalarType.Float64, 1e-9, name);
    }

    [Fact]
    public void One_hot()
    {
        using var scope = NewDisposeScope();
        var stored = NnValues.Case("functionals", "one_hot");
        var input = NnValues.Tensor(stored.GetProperty("inputs")[0]);
        F.one_hot(input).ShouldBePacked(stored.GetProperty("outputs")[0], 0, "one_hot");
        F.one_hot(input, 6).ShouldBePacked(stored.GetProperty("outputs")[1], 0, "one_hot of 6");
    }

    private static IEnumerable<KeyValuePair<string, Func<Tensor[], Tensor>>> Losses()
    {
        foreach (var reduction in Enum.GetValues<Reduction>())
        {
            var suffix = "_" + reduction.ToString().ToLowerInvariant();
            yield return new("mse" + suffix, x => MSELoss(reduction).call(x[0], x[1]));
            yield return new("l1" + suffix, x => L1Loss(reduction).call(x[0], x[1]));
            yield return new("smooth_l1" + suffix, x => SmoothL1Loss(reduction, 0.4).call(x[0], x[1]));
            yield return new("huber" + suffix, x => HuberLoss(0.4, reduction).call(x[0], x[1]));
            yield return new("gaussian" + suffix, x => GaussianNLLLoss(reduction == Reduction.Sum, 0.25f, reduction).call(x[0], x[1], x[2]));
            yield return new("cross_entropy" + suffix, x => new TorchSharp.Modules.CrossEntropyLoss(Extra("classes", 1), null, reduction, 0.1).call(x[0], Extra("classes", 0)));
            yield return new("nll" + suffix, x => NLLLoss(Extra("classes", 1), reduction).call(F.log_softmax(x[0], 1), Clamped()));
            yield return new("bce" + suffix, x => BCEWithLogitsLoss(null, reduction, Extra("classes", 1).select(0, 0)).call(x[0], Extra("classes", 2)));
        }
    }

    private static Tensor Extra(string name, int index) => NnValues.Tensor(NnValues.Case("functionals", name).GetProperty("inputs")[index]);

    private static Tensor Clamped() => Extra("classes", 0).clamp_min((Scalar)0);
}
