from django.db import migrations, models

import photoprivacy.integrations.django


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Shot",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("image", photoprivacy.integrations.django.CleanImageField(upload_to="")),
            ],
        ),
    ]
