using Forecast.Torch.Tests.Modules;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.optim;
using static TorchSharp.torch.optim.lr_scheduler;

namespace Forecast.Torch.Tests.Optim;

/// <summary>Rates and momenta of every schedule over a dozen steps and two groups are PyTorch's.</summary>
public class ScheduleTests
{
    private static readonly double[] Measures = [1.0, 0.9, 0.91, 0.92, 0.90, 0.95, 0.8, 0.81, 0.82, 0.83, 0.84, 0.85, 0.86, 0.87, 0.88, 0.89];

    private static readonly Dictionary<string, (Func<Optimizer, LRScheduler> Make, bool Adam, double[]? Measures)> Makers = new()
    {
        ["step"] = (o => StepLR(o, 3, 0.5), false, null),
        ["lambda"] = (o => LambdaLR(o, t => Math.Pow(0.9, t)), false, null),
        ["lambda_groups"] = (o => new impl.LambdaLR(o, [t => Math.Pow(0.9, t), t => 1.0 / (1 + t)]), false, null),
        ["linear"] = (o => LinearLR(o, 0.2, 0.9, 6), false, null),
        ["cosine"] = (o => CosineAnnealingLR(o, 5, 0.01), false, null),
        ["one_cycle"] = (o => OneCycleLR(o, 0.5, total_steps: 13), false, null),
        ["one_cycle_adam"] = (o => OneCycleLR(o, [0.5, 0.2], epochs: 4, steps_per_epoch: 4, pct_start: 0.4), true, null),
        ["one_cycle_three"] = (o => OneCycleLR(o, 0.5, total_steps: 13, anneal_strategy: impl.OneCycleLR.AnnealStrategy.Linear, three_phase: true, base_momentum: 0.7, max_momentum: 0.8), false, null),
        ["one_cycle_still"] = (o => OneCycleLR(o, 0.5, total_steps: 13, cycle_momentum: false), false, null),
        ["plateau"] = (o => ReduceLROnPlateau(o, factor: 0.5, patience: 1, cooldown: 1), false, Measures),
        ["plateau_max"] = (o => ReduceLROnPlateau(o, "max", 0.5, 2, 0.05, "abs", min_lr: [0.04, 0.1]), false, [.. Measures.Select(m => -m)]),
        ["plateau_rel_max"] = (o => ReduceLROnPlateau(o, "max", 0.5, 1, 0.02), false, [.. Measures.Reverse()]),
        ["sequential"] = (o => SequentialLR(o, [LinearLR(o, 0.25, 1.0, 4), CosineAnnealingLR(o, 8)], [4]), false, null),
        ["sequential_three"] = (o => SequentialLR(o, [LinearLR(o, 0.5, 1.0, 2), StepLR(o, 2, 0.5), LambdaLR(o, t => 0.5 / (1 + t))], [3, 8]), false, null),
    };

    public static TheoryData<string> Cases => [.. Makers.Keys];

    [Fact]
    public void Every_stored_case_is_tried() => Makers.Keys.ShouldBe(NnValues.Names("schedules"), ignoreOrder: true);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Rates_are_PyTorchs(string name)
    {
        var (make, adam, measures) = Makers[name];
        var stored = NnValues.Case("schedules", name);
        using var optimizer = Optimiser(adam);
        var schedule = make(optimizer);
        Compare(0);
        for (var t = 1; t < stored.GetProperty("rates").GetArrayLength(); t++)
        {
            if (measures is null) schedule.step();
            else schedule.step(measures[t - 1]);
            Compare(t);
            schedule.get_last_lr().ShouldBe(optimizer.ParamGroups.Select(g => g.LearningRate));
        }

        void Compare(int t)
        {
            var groups = optimizer.ParamGroups.ToArray();
            for (var g = 0; g < groups.Length; g++)
            {
                groups[g].LearningRate.ShouldBe(stored.GetProperty("rates")[t][g].GetDouble(), 1e-14, $"{name}: rate {t} of group {g}");
                var momentum = groups[g] is IBetas betas ? betas.Betas.Item1 : ((IMomentum)groups[g]).Momentum;
                momentum.ShouldBe(stored.GetProperty("momenta")[t][g].GetDouble(), 1e-14, $"{name}: momentum {t} of group {g}");
            }
        }
    }

    [Fact]
    public void Closed_forms_meet_the_recursions()
    {
        foreach (var make in new Func<Optimizer, LRScheduler>[] { o => StepLR(o, 3, 0.5), o => LinearLR(o, 0.2, 0.9, 6), o => CosineAnnealingLR(o, 5, 0.01), o => LambdaLR(o, t => 1.0 / (1 + t)) })
        {
            using var stepped = Optimiser(false);
            using var jumped = Optimiser(false);
            var walking = make(stepped);
            for (var t = 0; t < 9; t++) walking.step();
            make(jumped).step(9);
            jumped.ParamGroups.First().LearningRate.ShouldBe(stepped.ParamGroups.First().LearningRate, 1e-14);
        }
    }

    [Fact]
    public void Options_are_checked()
    {
        using var optimizer = Optimiser(false);
        Should.Throw<ArgumentException>(() => OneCycleLR(optimizer, 0.1)).Message.ShouldContain("total_steps");
        Should.Throw<ArgumentException>(() => OneCycleLR(optimizer, [0.1], total_steps: 5)).Message.ShouldContain("2 groups");
        Should.Throw<ArgumentException>(() => StepLR(optimizer, 0)).Message.ShouldContain("step_size");
        Should.Throw<ArgumentException>(() => CosineAnnealingLR(optimizer, 0)).Message.ShouldContain("T_max");
        Should.Throw<ArgumentException>(() => ReduceLROnPlateau(optimizer, "down")).Message.ShouldContain("'down'");
        Should.Throw<ArgumentException>(() => SequentialLR(optimizer, [StepLR(optimizer, 2)], [3])).Message.ShouldContain("milestone");
        Should.Throw<InvalidOperationException>(() => ReduceLROnPlateau(optimizer).step()).Message.ShouldContain("measure");
        using var other = Optimiser(false);
        Should.Throw<ArgumentException>(() => SequentialLR(optimizer, [StepLR(other, 2)], [])).Message.ShouldContain("another optimiser");
        var cycle = OneCycleLR(optimizer, 0.1, total_steps: 2);
        cycle.step();
        cycle.step();
        Should.Throw<InvalidOperationException>(cycle.step).Message.ShouldContain("2 steps");
    }

    private static OptimizerHelper Optimiser(bool adam)
    {
        Parameter[] parameters = [nn.Parameter(zeros(1)), nn.Parameter(zeros(1))];
        return adam
            ? Adam([new Adam.ParamGroup(parameters[..1], new Adam.Options()), new Adam.ParamGroup(parameters[1..], new Adam.Options { LearningRate = 0.3 })], 0.1)
            : SGD([new SGD.ParamGroup(parameters[..1], new SGD.Options()), new SGD.ParamGroup(parameters[1..], new SGD.Options { LearningRate = 0.3 })], 0.1, momentum: 0.9);
    }
}
